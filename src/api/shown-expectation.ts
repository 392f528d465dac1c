/** How hours compare with what is usual, as the API answers it. */
import type { HourExpectation as Stored } from '../contracts/storage/hour-expectation.ts';
import { isoSeconds } from '../core/time.ts';
import { ALL_WIKIS } from '../core/wiki-name.ts';
import { rounded } from './rounded.ts';
import type { QuietHour } from './schemas/coverage.ts';
import type { HourExpectation } from './schemas/hour-expectation.ts';

const DECIMALS = 2;

interface Compared {
  readonly edits: number;
  readonly expected: number;
  readonly factor: number;
}

export function shownExpectation({ all, wikis, quiet, judgedAt }: Stored): HourExpectation {
  return {
    state: all.kind,
    edits: all.edits,
    ...('expected' in all && { expected: rounded(all.expected, DECIMALS) }),
    ...('factor' in all && { factor: rounded(all.factor, DECIMALS) }),
    wikis,
    quiet: quiet.map(one => ({ wiki: one.wiki, ...shown(one) })),
    judgedAt: isoSeconds(judgedAt),
  };
}

/** The hours in which a wiki, or `all` together, had far fewer edits than usual. */
export function quietHours(wiki: string, expectations: readonly Stored[]): QuietHour[] {
  return expectations.flatMap(({ hour, all, quiet }) => {
    const found =
      wiki !== ALL_WIKIS ? quiet.find(one => one.wiki === wiki) : all.kind === 'quiet' ? all : undefined;
    return found === undefined ? [] : [{ hour, ...shown(found) }];
  });
}

function shown({ edits, expected, factor }: Compared): Compared {
  return { edits, expected: rounded(expected, DECIMALS), factor: rounded(factor, DECIMALS) };
}
