/** The replay: the messages of the universe, none missing, as fast as its clock says. */
import { onTestFinished, expect, test } from 'vitest';
import { Replay } from '../../../local/costs/replay.ts';
import { Universe } from '../../../local/wikimedia/universe.ts';
import { untilTrue } from '../../support/until.ts';
import { open } from '../wikimedia/client.ts';

const fromMs = Date.parse('2026-11-20T08:00:00Z');
const OPTIONS = { seed: 1, rate: 40, fromMs, speed: 120 };

interface Sent {
  readonly id: string;
  readonly dtMs: number;
}

async function read() {
  const replay = await Replay.open(OPTIONS);
  onTestFinished(() => replay.close());
  const reading = await open(`${replay.streamUrl}?since=${new Date(fromMs).toISOString()}`);
  onTestFinished(() => reading.close());
  const sent = (): Sent[] =>
    reading.events().map(({ data }) => {
      const { meta } = JSON.parse(String(data)) as { meta: { id?: string; dt: string } };
      return { id: meta.id ?? '', dtMs: Date.parse(meta.dt) };
    });
  return { replay, reading, sent };
}

test('everything comes, in the order of the universe', async () => {
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

test('nothing comes before its time', async () => {
  const beganMs = Date.now();
  const { sent } = await read();
  await untilTrue(() => sent().length > 1_000);
  const newestMs = Math.max(...sent().map(({ dtMs }) => dtMs));
  expect(newestMs - fromMs).toBeLessThanOrEqual((Date.now() - beganMs) * OPTIONS.speed);
});

test('a connection ends as often as at the edge of the real stream, in event time', async () => {
  const { reading, sent } = await read();
  await reading.done(20_000);
  expect(reading.ended).toBe('end');
  const lastMs = Math.max(...sent().map(({ dtMs }) => dtMs));
  // A quarter of an hour; on a busy machine the timer is late.
  expect(lastMs - fromMs).toBeGreaterThan(14 * 60_000);
});

test('other paths are refused', async () => {
  const { replay } = await read();
  const answer = await fetch(new URL('/v2/stream/page-create', replay.streamUrl));
  expect(answer.status).toBe(404);
});
