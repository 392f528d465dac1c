/** Faults on demand: each one is produced on a real socket and observed from the client's end. */

import { afterEach, describe, expect, it } from 'vitest';
import type { FaultPlan } from '../../../dev/simulator/fault-plan.ts';
import type { WikimediaOptions } from '../../../dev/simulator/options.ts';
import { startWikimedia, type Wikimedia } from '../../../dev/simulator/server.ts';
import { ask, askJson, eventIn, type Frame, idIn, open, type Reading } from './client.ts';
import { untilTrue } from '../../support/until.ts';

const FROM_MS = Date.parse('2026-11-20T10:00:00Z');
const UNTIL_MS = FROM_MS + 600_000;
const PAST = {
  rate: 10,
  fromMs: FROM_MS,
  untilMs: UNTIL_MS,
  retentionMs: 10 * 365 * 86_400_000,
  commentMs: 20,
};
const RANGE = `from=${FROM_MS}&to=${UNTIL_MS}`;

const running: Wikimedia[] = [];
const readings: Reading[] = [];

async function start(options: Partial<WikimediaOptions> = {}): Promise<Wikimedia> {
  const wikimedia = await startWikimedia({ port: 0, rate: 100, switchesMs: [], ...options });
  running.push(wikimedia);
  return wikimedia;
}

async function stream(url: string, options: Parameters<typeof open>[1] = {}): Promise<Reading> {
  const reading = await open(url, options);
  readings.push(reading);
  return reading;
}

afterEach(async () => {
  for (const reading of readings.splice(0)) reading.close();
  for (const wikimedia of running.splice(0)) await wikimedia.close();
});

async function everything({ streamUrl }: Wikimedia): Promise<Frame[]> {
  const reading = await stream(`${streamUrl}?since=0`);
  await untilTrue(() => reading.text.includes('\n: '));
  return reading.events();
}

async function strike({ url }: Wikimedia, fault: string) {
  return ask(`${url}/faults/strike`, { method: 'POST', body: JSON.stringify({ fault }) });
}

/** A live stream that has started to deliver. */
async function live(wikimedia: Wikimedia, client?: string): Promise<Reading> {
  const reading = await stream(wikimedia.streamUrl, client === undefined ? {} : { client });
  await untilTrue(() => reading.events().length > 3);
  return reading;
}

const dataOf = (frames: readonly Frame[]) => frames.map(frame => frame.data?.toString('latin1') ?? '');

describe('a manual strike', () => {
  it('cut: ends in the middle of a line, sometimes without a clean end', async () => {
    const wikimedia = await start();
    const ends = new Set<string | undefined>();
    // The seed decides which of the two ends happens; both occur within a few strikes.
    for (let i = 0; i < 20 && ends.size < 2; i++) {
      const reading = await live(wikimedia);
      await strike(wikimedia, 'cut');
      await reading.done();
      ends.add(reading.error?.code ?? reading.ended);
      expect(reading.text.endsWith('\n\n')).toBe(false);
    }
    expect(ends).toEqual(new Set(['ECONNRESET', 'end']));
  });

  it('rst: resets the connection', async () => {
    const wikimedia = await start();
    const reading = await live(wikimedia);
    await strike(wikimedia, 'rst');
    await reading.done();
    expect(reading.error?.code).toBe('ECONNRESET');
    expect((await askJson<{ struck: object }>(`${wikimedia.url}/faults`)).struck).toMatchObject({
      rst: 1,
      cut: 0,
    });
  });

  it('silence: stays open without data, while other connections continue', async () => {
    const wikimedia = await start({ connectionMaxMs: 800 });
    const reading = await live(wikimedia);
    await strike(wikimedia, 'silence');
    const other = await live(wikimedia);
    const before = reading.bytes.length;
    // The edge ends the other connection after its maximum time, but not the silent one.
    await other.done();
    expect(reading.bytes.length).toBe(before);
    expect(reading.ended).toBeUndefined();
    expect(wikimedia.connections().length).toBe(1);
  });

  it('slow: sends slowly, loses nothing, and recovers', async () => {
    const wikimedia = await start({ faults: { slow: { everyMs: 3_600_000, lastsMs: 500 } } });
    const reading = await live(wikimedia);
    await strike(wikimedia, 'slow');
    const begun = reading.chunks.length;
    await untilTrue(() => reading.chunks.length > begun + 10);
    const trickle = reading.chunks.slice(begun + 1, begun + 9).map(chunk => chunk.length);
    expect(Math.min(...trickle)).toBeLessThan(98);
    const count = reading.events().length;
    await untilTrue(() => reading.events().length > count + 100);
    const offsets = reading.events().map(frame => eventIn(frame).meta.offset);
    expect(offsets.every((offset, i) => offset === (offsets[0] ?? 0) + i)).toBe(true);
  });

  it('redelivery: repeats earlier messages out of order, then continues', async () => {
    const wikimedia = await start();
    const reading = await live(wikimedia);
    await untilTrue(() => reading.events().length > 60);
    await strike(wikimedia, 'redelivery');
    const offsets = () => reading.events().map(frame => eventIn(frame).meta.offset);
    await untilTrue(() => new Set(offsets()).size < offsets().length - 15);
    const before = new Set(offsets()).size;
    await untilTrue(() => new Set(offsets()).size > before + 20);
    const distinct = [...new Set(offsets())];
    expect(Math.max(...distinct) - Math.min(...distinct) + 1).toBe(distinct.length);
    const texts = new Map<number, string>();
    for (const frame of reading.events()) {
      const { offset } = eventIn(frame).meta;
      expect(texts.get(offset) ?? frame.data?.toString()).toBe(frame.data?.toString());
      texts.set(offset, frame.data?.toString() ?? '');
    }
    const again = offsets().filter((offset, i, all) => all.indexOf(offset) < i);
    expect(again).not.toEqual([...again].sort((a, b) => a - b));
  });

  it.each([
    ['futureid', (ms: number) => ms > Date.now() + 360 * 86_400_000],
    ['pastid', (ms: number) => ms < Date.parse('2005-01-01')],
  ] as const)(
    '%s: one id claims another time, the message and all other ids do not',
    async (fault, isClaim) => {
      const wikimedia = await start();
      const reading = await live(wikimedia);
      await strike(wikimedia, fault);
      const claims = () =>
        reading.events().filter(frame => idIn(frame).some(({ timestamp }) => isClaim(timestamp ?? NaN)));
      await untilTrue(() => claims().length === 1);
      const before = reading.events().length;
      await untilTrue(() => reading.events().length > before + 20);
      expect(claims()).toHaveLength(1);
      expect(idIn(claims()[0]).filter(({ timestamp }) => isClaim(timestamp ?? NaN))).toEqual([
        expect.objectContaining({ topic: eventIn(claims()[0]).meta.topic }),
      ]);
      const offsets = reading.events().map(frame => eventIn(frame).meta.offset);
      expect(offsets.every((offset, i) => offset === (offsets[0] ?? 0) + i)).toBe(true);
      expect(wikimedia.faults.counts()[fault]).toBe(1);
    },
  );

  it('duplicate: repeats a frame', async () => {
    const wikimedia = await start();
    const reading = await live(wikimedia);
    await strike(wikimedia, 'duplicate');
    const repeated = () =>
      reading.events().filter((frame, i, all) => all.findIndex(other => other.bytes.equals(frame.bytes)) < i);
    await untilTrue(() => repeated().length === 1);
    expect(wikimedia.faults.counts().duplicate).toBe(1);
  });

  it('unavailable: ends open connections, refuses new ones with 503, then recovers', async () => {
    const wikimedia = await start({ faults: { unavailable: { everyMs: 3_600_000, lastsMs: 600 } } });
    const reading = await live(wikimedia);
    await strike(wikimedia, 'unavailable');
    expect((await ask(wikimedia.streamUrl)).status).toBe(503);
    expect((await reading.done()).ended).toBe('end');
    expect(reading.text.endsWith('\n\n')).toBe(true);
    await untilTrue(() => wikimedia.faults.refusedForMs('unavailable', Date.now()) === 0);
    await live(wikimedia);
    expect(wikimedia.faults.counts().unavailable).toBe(1);
  });

  it('forbidden: ends open connections, refuses new ones with 403, then recovers', async () => {
    const wikimedia = await start({ faults: { forbidden: { everyMs: 3_600_000, lastsMs: 600 } } });
    const reading = await live(wikimedia);
    await strike(wikimedia, 'forbidden');
    expect((await ask(wikimedia.streamUrl)).status).toBe(403);
    expect((await reading.done()).ended).toBe('end');
    await untilTrue(() => wikimedia.faults.refusedForMs('forbidden', Date.now()) === 0);
    await live(wikimedia);
    expect(wikimedia.faults.counts().forbidden).toBe(1);
  });

  it('ratelimit: responds 429 with Retry-After', async () => {
    const wikimedia = await start({ faults: { ratelimit: { everyMs: 3_600_000, lastsMs: 1500 } } });
    await strike(wikimedia, 'ratelimit');
    const answer = await ask(wikimedia.streamUrl);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '2']);
  });

  it.each(['garbage', 'nonsense', ''])('refuses %j and lists the valid faults', async fault => {
    const answer = await strike(await start(), fault);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      type: 'invalid_fault',
      detail: expect.stringMatching(/POST \/faults|expected one of cut, rst/),
    });
  });
});

describe('faults that affect a share of the messages', () => {
  it('garbage: extra messages, the same in each replay, none of them in the oracle', async () => {
    const clean = await everything(await start(PAST));
    const wikimedia = await start({ ...PAST, faults: { garbage: 0.05 } });
    const dirty = await everything(wikimedia);
    expect(dataOf(await everything(wikimedia))).toEqual(dataOf(dirty));
    const real = new Set(dataOf(clean));
    const garbage = dataOf(dirty).filter(text => !real.has(text));
    expect(dataOf(dirty).filter(text => real.has(text))).toEqual(dataOf(clean));
    const counted = await askJson<{ messages: number; distinct: number; kinds: Record<string, number> }>(
      `${wikimedia.url}/oracle/garbage?${RANGE}`,
    );
    expect(garbage.length).toBe(counted.messages);
    expect(new Set(garbage).size).toBe(counted.distinct);
    // Invalid UTF-8 reaches the client unchanged.
    expect(dirty.some(({ data }) => data?.includes(Buffer.from([0xff, 0xc3, 0x28])))).toBe(true);
    expect(Object.keys(counted.kinds).length).toBeGreaterThan(13);
    expect(wikimedia.faults.counts().garbage).toBe(2 * counted.messages);
    expect(await askJson(`${wikimedia.url}/oracle?${RANGE}`)).toEqual(
      await askJson(`${running[0]?.url}/oracle?${RANGE}`),
    );
  });

  it('garbage: none just before a hole, where it would pass for a missing message', async () => {
    const holes = [{ atMs: PAST.fromMs + 30_000, size: 5_000 }];
    const wikimedia = await start({ ...PAST, untilMs: PAST.fromMs + 60_000, holes, faults: { garbage: 1 } });
    const frames = await everything(wikimedia);
    const { garbage } = wikimedia.faults.counts();
    expect(frames.length - garbage).toBe(garbage + 1);
  });

  it('garbage: a larger share includes a smaller one', async () => {
    const less = dataOf(await everything(await start({ ...PAST, faults: { garbage: 0.01 } })));
    const more = new Set(dataOf(await everything(await start({ ...PAST, faults: { garbage: 0.04 } }))));
    expect(less.every(text => more.has(text))).toBe(true);
  });

  it('duplicate: repeats the same bytes a few messages later, the same ones in each replay', async () => {
    const wikimedia = await start({ ...PAST, faults: { duplicate: 0.05 } });
    const frames = await everything(wikimedia);
    const offsets = frames.map(frame => `${eventIn(frame).meta.topic} ${eventIn(frame).meta.offset}`);
    const places = offsets.flatMap((offset, i) => (offsets.indexOf(offset) < i ? [i] : []));
    expect(places.length / frames.length).toBeGreaterThan(0.03);
    expect(places.length / frames.length).toBeLessThan(0.07);
    expect(wikimedia.faults.counts().duplicate).toBe(places.length);
    for (const place of places) {
      const first = offsets.indexOf(offsets[place] ?? '');
      expect(place - first).toBeLessThan(12);
      expect(frames[first]?.bytes.equals(frames[place]?.bytes ?? Buffer.of())).toBe(true);
    }
    expect(dataOf(await everything(wikimedia))).toEqual(dataOf(frames));
  });
});

describe('the plan', () => {
  it('strikes repeatedly by itself', async () => {
    const wikimedia = await start({ faults: { cut: { everyMs: 150, lastsMs: 0 } } });
    for (let i = 0; i < 5; i++) await (await stream(wikimedia.streamUrl)).done();
    expect(wikimedia.faults.counts().cut).toBeGreaterThanOrEqual(5);
  });

  it('can be read, changed, replaced and dropped at run time', async () => {
    const { url } = await start({ faults: { garbage: 0.5 } });
    const post = async (body: string) =>
      JSON.parse((await ask(`${url}/faults`, { method: 'POST', body })).text) as { faults: object };
    expect(await askJson(`${url}/faults`)).toMatchObject({
      faults: { garbage: 0.5 },
      struck: { cut: 0, garbage: 0 },
    });
    expect((await post('{"cut":"90s","unavailable":"2m/10s"}')).faults).toEqual({
      cut: '90s',
      unavailable: '2m/10s',
      garbage: 0.5,
    });
    expect((await post('{"cut":null,"garbage":0.25}')).faults).toEqual({
      unavailable: '2m/10s',
      garbage: 0.25,
    });
    expect((await post('rst=1h,duplicate=0.01')).faults).toEqual({ rst: '1h', duplicate: 0.01 });
    await ask(`${url}/faults`, { method: 'DELETE' });
    expect(await askJson(`${url}/faults`)).toMatchObject({ faults: {} });
  });

  it('is kept when the new one is invalid; the response lists every problem and an example', async () => {
    const plan: FaultPlan = { duplicate: 0.1 };
    const wikimedia = await start({ faults: plan });
    const answer = await ask(`${wikimedia.url}/faults`, {
      method: 'POST',
      body: '{"cut":"soon","garbage":7,"fire":1}',
    });
    expect(answer.status).toBe(400);
    const { type, detail } = JSON.parse(answer.text) as { type: string; detail: string };
    expect(type).toBe('invalid_faults');
    for (const part of [
      'cut=soon',
      'cut=20s',
      'garbage=7',
      'up to 1',
      'unknown fault: got "fire=1"',
      'Example:',
    ])
      expect(detail).toContain(part);
    expect(wikimedia.faults.plan).toEqual(plan);
  });
});
