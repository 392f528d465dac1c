/** Makes parts and records like ingest does. */
import { randomBytes } from 'node:crypto';
import { PartBuffer } from '../../src/bronze/part-buffer.ts';
import { writePart } from '../../src/bronze/parts.ts';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { LOG_KEYS } from './stream.ts';

const persistence = { signal: AbortSignal.timeout(600_000) };
const source = { url: 'https://stream.example/recentchange', simulated: true };

export interface SmallEdit {
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly wiki?: string;
  readonly bot?: boolean;
  readonly bytes?: number;
  /** Revision id; unique by default. */
  readonly revision?: number;
}

let serial = 0;

/** An edit as the stream sends it, with the fields that the pipeline reads. */
export function editLine({
  timestamp,
  wiki = 'enwiki',
  bot = false,
  bytes = 1,
  revision: given,
}: SmallEdit): string {
  serial += 1;
  const meta = { id: `edit-${serial}`, dt: new Date(timestamp * 1000).toISOString(), domain: 'x.org' };
  const revision = { old: serial, new: given ?? 1_000_000 + serial };
  return JSON.stringify({
    meta,
    type: 'edit',
    wiki,
    timestamp,
    bot,
    length: { old: 100, new: 100 + bytes },
    revision,
  });
}

/** Writes edits as parts, one per hour, and commits them. Returns the keys. */
export async function commitEdits(
  { store }: { readonly store: ObjectStore },
  edits: readonly SmallEdit[],
): Promise<string[]> {
  const attempt = randomBytes(5).toString('hex');
  const writer = { attempt, workflowId: 'by-hand', runId: 'by-hand' };
  const log = await CommitLog.open(store, LOG_KEYS, writer, persistence);
  const buffer = new PartBuffer();
  for (const edit of edits) {
    const line = Buffer.from(editLine(edit));
    const { timestamp } = edit;
    buffer.add(
      { line, id: `edit-${serial}`, timestamp, sentAtMs: timestamp * 1000, isEdit: true },
      Date.now(),
    );
  }
  const name = { sequence: log.nextSequence, attempt };
  const parts = await Promise.all(
    buffer.hours().map(hour => writePart(store, hour, name, source, persistence)),
  );
  const { skipped, storedToMs } = buffer;
  await log.commit({ parts, deadLetters: [], skipped, cursor: log.tail.cursor, storedToMs }, persistence);
  return parts.map(({ key }) => key);
}
