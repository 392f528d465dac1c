/** Makes dead letters and their record like a flush does. */
import { randomBytes } from 'node:crypto';
import { PartBuffer } from '../../src/bronze/part-buffer.ts';
import type { DeadLetter } from '../../src/bronze/part-buffer.ts';
import { writeDeadLetters } from '../../src/bronze/parts.ts';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { LOG_KEYS } from './stream.ts';

const persistence = { signal: AbortSignal.timeout(600_000) };

/** A dead letter with any content; received now by default. */
export function letterOf(raw: string, given: Partial<DeadLetter> = {}): DeadLetter {
  const receivedAt = given.receivedAt ?? new Date().toISOString();
  const identity = randomBytes(6).toString('hex');
  const position = [{ topic: 'eqiad.mediawiki.recentchange', partition: 0, timestamp: 1_763_640_000_001 }];
  const eventId = JSON.stringify(position);
  return { reason: 'bad_wiki', raw, eventId, receivedAt, identity, sentAt: receivedAt, ...given };
}

/** Stores letters as one object, under the day of the last one. Returns its key. */
export async function buryLetters(
  store: ObjectStore,
  letters: readonly DeadLetter[],
  options: { readonly isNamed?: boolean; readonly flushedAtMs?: number } = {},
): Promise<string> {
  const attempt = randomBytes(5).toString('hex');
  const log = await CommitLog.open(
    store,
    LOG_KEYS,
    { attempt, workflowId: 'by-hand', runId: 'by-hand' },
    persistence,
  );
  const buffer = new PartBuffer();
  for (const letter of letters) buffer.addDeadLetter(letter, Date.now());
  const flushedAtMs = options.flushedAtMs ?? Date.parse(letters.at(-1)?.receivedAt ?? '');
  const name = { sequence: log.nextSequence, attempt };
  const stored = await writeDeadLetters(store, buffer, name, flushedAtMs, persistence);
  if (stored === undefined) throw new Error('there are no letters');
  const { skipped, storedToMs } = buffer;
  const draft = { parts: [], deadLetters: [stored], skipped, cursor: log.tail.cursor, storedToMs };
  if (options.isNamed !== false) await log.commit(draft, persistence);
  return stored.key;
}
