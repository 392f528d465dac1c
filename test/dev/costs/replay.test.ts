/** The replay sends every message of the universe, at the speed of its clock. */
import { onTestFinished, expect, test } from 'vitest';
import { LATEST_SEC, Replay } from '../../../dev/costs/replay.ts';
import { Universe } from '../../../dev/simulator/universe.ts';
import { untilTrue } from '../../support/until.ts';
import { open } from '../simulator/client.ts';

const fromMs = Date.parse('2026-11-20T08:00:00Z');
const OPTIONS = { seed: 1, rate: 40, fromMs, speed: 120 };

interface Sent {
  readonly id: string;
  readonly dtMs: number;
  /** Epoch seconds; canary events have none. */
  readonly timestamp: number | undefined;
}

async function read(options = OPTIONS) {
  const replay = await Replay.open(options);
  onTestFinished(() => replay.close());
  const reading = await open(`${replay.streamUrl}?since=${new Date(options.fromMs).toISOString()}`);
  onTestFinished(() => reading.close());
  const sent = (): Sent[] =>
    reading.events().map(({ data }) => {
      const { meta, timestamp } = JSON.parse(String(data)) as {
        meta: { id?: string; dt: string };
        timestamp?: number;
      };
      return { id: meta.id ?? '', dtMs: Date.parse(meta.dt), timestamp };
    });
  return { replay, reading, sent };
}

test('every message of the universe arrives', async () => {
  const { reading, sent } = await read();
  expect(reading.headers['x-wikigauge-simulated']).toBe('true');
  await untilTrue(() => sent().some(({ dtMs }) => dtMs >= fromMs + 60_000));
  const universe = new Universe({ ...OPTIONS, retentionMs: Infinity });
  const minute = Array.from({ length: 60 }, (_, second) => universe.changesOf(fromMs / 1000 + second)).flat();
  const ids = new Set(sent().map(({ id }) => id));
  const expected = minute.map(
    change => (JSON.parse(universe.render(change)) as { meta: { id: string } }).meta.id,
  );
  expect(expected.filter(id => !ids.has(id))).toEqual([]);
});

test('no message arrives before its time', async () => {
  const beganMs = Date.now();
  const { sent } = await read();
  await untilTrue(() => sent().length > 1_000);
  const newestMs = Math.max(...sent().map(({ dtMs }) => dtMs));
  expect(newestMs - fromMs).toBeLessThanOrEqual((Date.now() - beganMs) * OPTIONS.speed);
});

test('a connection lasts as long as with the real stream, in event time', async () => {
  const { reading, sent } = await read();
  await reading.done(20_000);
  expect(reading.ended).toBe('end');
  const lastMs = sent().reduce((last, { dtMs }) => Math.max(last, dtMs), 0);
  // A quarter of an hour, less a margin for timers.
  expect(lastMs - fromMs).toBeGreaterThan(14 * 60_000);
});

test('events that are too late are moved to the lateness of the latest captured event', async () => {
  const universe = new Universe({ ...OPTIONS, retentionMs: Infinity });
  const isFarTooLate = ({ dtMs, timestamp }: { readonly dtMs: number; readonly timestamp: number }) =>
    Math.floor(dtMs / 1000) - timestamp > LATEST_SEC;
  let second = fromMs / 1000;
  while (!universe.changesOf(second).some(isFarTooLate)) second += 1;
  const { sent } = await read({ ...OPTIONS, fromMs: second * 1000 });
  await untilTrue(() => sent().some(({ dtMs }) => dtMs >= (second + 1) * 1000));
  const lateness = sent().map(({ dtMs, timestamp = dtMs / 1000 }) => Math.floor(dtMs / 1000) - timestamp);
  expect(Math.max(...lateness)).toBe(LATEST_SEC);
});

test('other paths are refused', async () => {
  const { replay } = await read();
  const answer = await fetch(new URL('/v2/stream/page-create', replay.streamUrl));
  expect(answer.status).toBe(404);
});
