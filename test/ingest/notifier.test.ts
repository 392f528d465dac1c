/** What the ingest workflow is notified of, and in how many notices. */
import { expect, test } from 'vitest';
import type { CommitLog } from '../../src/bronze/commit-log.ts';
import type { CommitRecord } from '../../src/contracts/storage/log-record.ts';
import type { CommitNotice } from '../../src/contracts/temporal/messages.ts';
import { Notifier } from '../../src/ingest/notifier.ts';
import type { NotifierDeps } from '../../src/ingest/notifier.ts';
import { BLANK_GOLD } from '../support/blank-gold.ts';

const persistence = { signal: new AbortController().signal };
const at = (time: string): number => Date.parse(`2026-11-20T${time}:00Z`);

/** A notifier of a workflow that knows of commits up to `acknowledged`, and what it has sent. */
function rig({ gold, acknowledged = 0 }: { gold: NotifierDeps['gold']; acknowledged?: number }) {
  const notices: CommitNotice[] = [];
  const sendNotice = async (_: string, notice: CommitNotice): Promise<void> => void notices.push(notice);
  const deps = { sendNotice, gold, latenessMs: 300_000 };
  return { notices, notifier: new Notifier(deps, 'ingest', acknowledged, persistence) };
}

function record(sequence: number, ...hours: string[]): CommitRecord {
  return {
    version: 1,
    kind: 'commit',
    sequence,
    epoch: 1,
    writer: { attempt: 'a1', workflowId: 'w', runId: 'r' },
    at: '2026-11-20T10:05:00.000Z',
    cursor: { topics: {} },
    storedToMs: 0,
    parts: hours.map(hour => ({
      key: `part ${sequence} of ${hour}`,
      hour,
      events: 1,
      edits: 1,
      sent: [],
      bytes: 1,
      storedBytes: 1,
      firstAt: 0,
      lastAt: 0,
    })),
    deadLetters: [],
    skipped: { canaries: 0, duplicates: 0, filtered: 0 },
  };
}

/** A log with a commit of one part for each sequence from 2 to `last`. */
function logTo(last: number): CommitLog {
  const records = Array.from({ length: last - 1 }, (_, n) => record(n + 2, '2026-11-20T10'));
  const log: Pick<CommitLog, 'commitsBeforeFence' | 'tail'> = {
    tail: records.at(-1) ?? record(1),
    async *commitsBeforeFence(first) {
      yield* records.filter(({ sequence }) => sequence >= first);
    },
  };
  return log as CommitLog;
}

const keysOf = (notices: readonly CommitNotice[]): string[] =>
  notices.flatMap(({ parts }) => parts.map(({ key }) => key));
const keys = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, n) => `part ${first + n} of 2026-11-20T10`);

test('a new run is notified of a long log in few notices when gold cannot say what it lacks', async () => {
  const away = async (): Promise<never> => new Promise(() => undefined);
  const { notices, notifier } = rig({ gold: { unapplied: away, unsealed: away } });
  await notifier.catchUp(logTo(2_001));
  expect(keysOf(notices)).toEqual(keys(2, 2_001));
  expect(notices.length).toBeLessThanOrEqual(20);
  expect(notices.at(-1)).toMatchObject({ sequence: 2_001, isLast: true });
  expect(notifier.acknowledged).toBe(2_001);
});

test('a new run is notified of the parts and hours that gold lacks, and of nothing else', async () => {
  const lacks = new Set(['part 7 of 2026-11-20T10', 'part 250 of 2026-11-20T10']);
  let asked = 0;
  const { notices, notifier } = rig({
    gold: {
      unapplied: async names => {
        asked += 1;
        return names.filter(name => lacks.has(name));
      },
      unsealed: async hours => [...hours],
    },
  });
  await notifier.catchUp(logTo(400));
  expect(keysOf(notices)).toEqual([...lacks]);
  expect(notices.flatMap(({ unsealed = [] }) => unsealed)).toEqual(['2026-11-20T10']);
  expect(asked).toBeLessThanOrEqual(4);
});

test('a run that knows some commits is notified of all after them', async () => {
  const { notices, notifier } = rig({ gold: BLANK_GOLD, acknowledged: 150 });
  await notifier.catchUp(logTo(300));
  expect(keysOf(notices)).toEqual(keys(151, 300));
  expect(notices[0]?.after).toBe(150);
  const chain = notices.filter(({ isLast }) => isLast);
  expect(chain.slice(1).map(({ after }) => after)).toEqual(
    chain.slice(0, -1).map(({ sequence }) => sequence),
  );
});

test('the workflow is told to seal the hours that the watermark passes without a part, unless gold has sealed them', async () => {
  const { notices, notifier } = rig({
    gold: {
      unapplied: async names => [...names],
      unsealed: async hours => hours.filter(hour => hour !== '2026-11-20T12'),
    },
  });
  await notifier.notify(record(2, '2026-11-20T10'), at('10:50'));
  await notifier.notify(record(3), at('11:04'));
  await notifier.notify(record(4), at('14:04'));
  await notifier.notify(record(5), at('14:05'));
  expect(notices.map(({ sequence, unsealed }) => ({ sequence, unsealed }))).toEqual([
    { sequence: 2, unsealed: undefined },
    { sequence: 4, unsealed: ['2026-11-20T11'] },
    { sequence: 5, unsealed: ['2026-11-20T13'] },
  ]);
});
