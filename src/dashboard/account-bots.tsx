/** Says where bots are told by account instead of by change, as the history dumps do. */
import type { Backfills } from '../api/schemas/backfills.ts';
import { formatUtcDate } from './format.ts';

interface Props {
  readonly backfills: Backfills;
}

export function AccountBots({ backfills }: Props) {
  const byAccount = backfills.filter(({ bot }) => bot === 'account');
  const [first] = byAccount;
  const last = byAccount.at(-1);
  if (first === undefined || last === undefined) return null;
  return (
    <p class="aside gap-note">
      From {formatUtcDate(Date.parse(first.from) / 1000)} to {formatUtcDate(Date.parse(last.to) / 1000)} edits
      come from history dumps: there “bot” means that the account is a bot’s, not that the change was marked,
      and moves and protections count as edits.
    </p>
  );
}
