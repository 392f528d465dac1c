/** What happens to events that are buffered when reading ends. The whole engine: run.test. */
import { expect, test } from 'vitest';
import { Notifier } from '../../src/ingest/notifier.ts';
import { StreamPump } from '../../src/ingest/pump.ts';
import type { StreamMessage } from '../../src/source/stream/message-queue.ts';
import { unreachable } from '../../src/source/source-failure.ts';
import { IntakeRig, visibleIn } from '../support/intake-rig.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';

const SENT_MS = Date.now() - 60_000;
const never = new AbortController().signal;

function messageOf(n: number): StreamMessage {
  const event = {
    meta: { id: `id${n}`, dt: new Date(SENT_MS).toISOString(), domain: 'en.wikipedia.org' },
    type: 'edit',
    wiki: 'enwiki',
    timestamp: Math.floor(SENT_MS / 1000),
    revision: { new: n },
    length: { new: 1 },
  };
  const position = { topic: 'eqiad.mediawiki.recentchange', partition: 0, timestamp: SENT_MS };
  return { data: Buffer.from(JSON.stringify(event)), id: JSON.stringify([position]) };
}

/** Reads three events, and then this failure; resolves with it. */
async function failingWith(failure: Error, store: MemoryObjectStore): Promise<unknown> {
  const { intake, seen, log } = await IntakeRig.open(store);
  const persistence = { signal: never };
  const gold = { unapplied: async () => [], unsealed: async () => [] };
  const deps = { gold, sendNotice: async () => undefined, latenessMs: 0 };
  const pump = new StreamPump({
    intake,
    seen,
    log,
    notifier: new Notifier(deps, 'ingest', 0, persistence),
    limits: { minLines: Infinity, maxBytes: Infinity, maxAgeMs: Infinity },
    store,
    attempt: 'a1',
    source: () => ({ url: 'http://test', simulated: true }),
    persistence,
    recordRead: async () => undefined,
    onCommit: () => undefined,
  });
  async function* messages(): AsyncGenerator<StreamMessage> {
    for (let n = 1; n <= 3; n += 1) yield messageOf(n);
    throw failure;
  }
  return pump.run(messages, never).catch((error: unknown) => error);
}

test('what was read is committed before the run fails because the source is away for too long', async () => {
  const store = new MemoryObjectStore();
  const failure = unreachable('http://test', 'answers 503');
  expect(await failingWith(failure, store)).toBe(failure);
  expect((await visibleIn(store)).lines).toHaveLength(3);
});

test('nothing is committed after a failure that is a bug', async () => {
  const store = new MemoryObjectStore();
  const failure = new TypeError('a bug');
  expect(await failingWith(failure, store)).toBe(failure);
  expect((await visibleIn(store)).lines).toEqual([]);
});
