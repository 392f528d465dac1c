/** `wikigauge dead-letters list`: counts unusable events by reason and shows the newest. */
import type { DeadLetter } from '../bronze/part-buffer.ts';
import { judge } from '../dead-letters/judge.ts';
import type { UsableLetter } from '../dead-letters/judge.ts';
import { ReplayedEvents } from '../dead-letters/replayed-events.ts';
import { counted, countLines, letterLine } from '../dead-letters/show.ts';
import type { LetterCount } from '../dead-letters/show.ts';
import { selectLetters } from '../bronze/dead-letters.ts';
import type { LetterObject, LetterSelection, SelectedLetters } from '../bronze/dead-letters.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { integer } from '../contracts/kinds.ts';
import { recentChange } from '../recentchange/definition.ts';
import { readFlag } from './bad-flag.ts';
import { announce, bucketPlace } from './announce.ts';
import { withStore } from './connections.ts';
import { readConfig } from './environment.ts';
import { described, readLetterFlags } from './letter-flags.ts';
import type { LetterFlags } from './letter-flags.ts';

export interface ListFlags extends LetterFlags {
  readonly limit?: string;
  readonly json?: boolean;
}

const DEFAULT_LIMIT = 50;

export async function listCommand(flags: ListFlags): Promise<void> {
  const nowMs = Date.now();
  const selection = readLetterFlags(flags, nowMs);
  const limit = readLimit(flags);
  const config = readConfig();
  // Exit quietly when the reader, such as head, closes the pipe.
  process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1));
  if (flags.json !== true) announce(bucketPlace(config));
  await withStore(config, async store => {
    const { logKeys, judge: judgeEvent } = recentChange(config.EDIT_TYPES);
    const selected = selectLetters(store, logKeys, selection);
    if (flags.json === true) return printJson(selected, selection, limit);
    const rules = { judge: judgeEvent, wikis: new Set(config.FILTER_WIKI) };
    const isUsable = (letter: DeadLetter): UsableLetter | undefined => {
      const verdict = judge(letter, rules, nowMs);
      return verdict.kind === 'usable' ? verdict : undefined;
    };
    return printTable(selected, selection, limit ?? DEFAULT_LIMIT, { isUsable, store });
  });
}

/** The letters as stored, one per line. */
async function printJson(
  selected: AsyncIterable<SelectedLetters>,
  selection: LetterSelection,
  limit: number | undefined,
): Promise<void> {
  let newest: string[] = [];
  let letters = 0;
  for await (const { key, letters: found } of selected) {
    letters += found.length;
    const lines = found.map(letter => JSON.stringify({ key, ...letter }));
    if (limit === undefined) for (const line of lines) console.log(line);
    else newest = [...newest, ...lines].slice(-limit);
  }
  for (const line of newest) console.log(line);
  // To stderr, so that stdout stays valid JSON.
  if (letters === 0) console.error(`No dead letters${described(selection)}.`);
}

interface ListTools {
  readonly isUsable: (letter: DeadLetter) => UsableLetter | undefined;
  readonly store: ObjectStore;
}

interface Listed {
  readonly letter: DeadLetter;
  readonly object: LetterObject;
  readonly usable: UsableLetter | undefined;
}

async function printTable(
  selected: AsyncIterable<SelectedLetters>,
  selection: LetterSelection,
  limit: number,
  { isUsable, store }: ListTools,
): Promise<void> {
  const counts = new Map<string, LetterCount>();
  let newest: Listed[] = [];
  const sum = { letters: 0, usable: 0, objects: 0 };
  for await (const { letters, ...object } of selected) {
    const listed = letters.map(letter => ({ letter, object, usable: isUsable(letter) }));
    for (const { letter, usable } of listed) {
      const count = counts.get(letter.reason) ?? { letters: 0, usable: 0 };
      const usableNow = usable === undefined ? 0 : 1;
      counts.set(letter.reason, { letters: count.letters + 1, usable: count.usable + usableNow });
      sum.usable += usableNow;
    }
    sum.letters += letters.length;
    sum.objects += 1;
    newest = [...newest, ...listed].slice(-limit);
  }
  if (sum.letters === 0) return console.log(`No dead letters${described(selection)}.`);
  for (const line of countLines(counts)) console.log(line);
  console.log('');
  const replayed = new ReplayedEvents(store);
  for (const { letter, object, usable } of newest) {
    const isReplayed = usable !== undefined && (await replayed.has(usable, object));
    const state = usable === undefined ? 'unusable' : isReplayed ? 'replayed' : 'usable';
    console.log(letterLine({ key: object.key, letter, state }));
  }
  const shown = newest.length === sum.letters ? 'all shown' : `showing the newest ${newest.length}`;
  console.log('');
  console.log(
    `${counted(sum.letters, 'dead letter')} in ${counted(sum.objects, 'object')}, ${sum.usable} usable now; ` +
      `${shown};${described(selection)}`,
  );
}

function readLimit({ limit }: ListFlags): number | undefined {
  return limit === undefined ? undefined : readFlag(integer(1, 999_999), '--limit', limit, '--limit 100');
}
