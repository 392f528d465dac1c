/** Explains the range where `bot` is a property of the account, as in the history dumps. */
import type { Backfills } from './api-client.ts';
import { formatUtcDate } from './format.ts';

interface Props {
  readonly backfills: Backfills | undefined;
}

export function AccountBots({ backfills = [] }: Props) {
  const byAccount = backfills.filter(({ bot }) => bot === 'account');
  const [first] = byAccount;
  const last = byAccount.at(-1);
  if (first === undefined || last === undefined) return null;
  return (
    <p class="aside gap-note">
      From {formatUtcDate(Date.parse(first.from) / 1000)} to {formatUtcDate(Date.parse(last.to) / 1000)},
      edits come from history dumps. There, “bot” means that the account is a bot, not that the edit was
      marked as one; moves and protections count as edits too.
    </p>
  );
}
