/** Compares the oracle with brute force: all delivered messages, parsed with JSON.parse and counted. */

import { afterEach, describe, expect, it } from 'vitest';
import type { ListedEvent, MinuteCount } from '../../../dev/simulator/oracle.ts';
import { startWikimedia, type Wikimedia } from '../../../dev/simulator/server.ts';
import { ask, askJson, type Event, open } from './client.ts';
import { untilTrue } from '../../support/until.ts';

const FROM_MS = Date.parse('2026-11-20T09:30:00Z');
const UNTIL_MS = FROM_MS + 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

let wikimedia: Wikimedia | undefined;

afterEach(async () => {
  await wikimedia?.close();
});

/** Every event once, from a stream with duplicates and garbage. */
async function delivered(url: string): Promise<Event[]> {
  const reading = await open(`${url}?since=0`);
  await untilTrue(
    () => reading.ended ?? (reading.chunks.at(-1)?.toString().startsWith(': ') && 'end'),
    30_000,
  );
  const events = new Map<string, Event>();
  for (const { data } of reading.events()) {
    let event: Partial<Event> | null;
    try {
      event = JSON.parse(data?.toString('utf8') ?? '') as Partial<Event>;
    } catch {
      continue;
    }
    // Real events have an offset; garbage has none, and canaries are not events.
    if (event?.meta?.offset !== undefined && event.meta.domain !== 'canary' && event.meta.id !== undefined) {
      events.set(event.meta.id, event as Event);
    }
  }
  reading.close();
  return [...events.values()];
}

function count(
  events: readonly Event[],
  types: readonly string[],
  fromMs: number,
  toMs: number,
): MinuteCount[] {
  const rows = new Map<string, MinuteCount>();
  for (const { type, wiki, bot, timestamp, length } of events) {
    if (!types.includes(type) || timestamp * 1000 < fromMs || timestamp * 1000 >= toMs) continue;
    const ts_minute = `${iso(Math.floor(timestamp / 60) * 60_000).slice(0, 19)}Z`;
    const key = `${ts_minute} ${wiki} ${bot}`;
    const row = rows.get(key) ?? { ts_minute, wiki, is_bot: bot, edits: 0, bytes_change: 0 };
    const change = (length?.new ?? 0) - (length?.old ?? 0);
    rows.set(key, { ...row, edits: row.edits + 1, bytes_change: row.bytes_change + change });
  }
  const key = (row: MinuteCount) => [row.ts_minute, row.wiki, Number(row.is_bot)].join(' ');
  return [...rows.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

describe('the oracle', () => {
  it('matches the delivered events, across a switch, with duplicates and garbage', async () => {
    wikimedia = await startWikimedia({
      port: 0,
      rate: 8,
      fromMs: FROM_MS,
      untilMs: UNTIL_MS,
      retentionMs: 10 * 365 * 86_400_000,
      switchesMs: [FROM_MS + 1_000_000],
      faults: { duplicate: 0.02, garbage: 0.005 },
      commentMs: 20,
    });
    const { url, streamUrl } = wikimedia;
    const events = await delivered(streamUrl);
    expect(events.length).toBeGreaterThan(20_000);

    const whole = `from=${iso(FROM_MS - 900_000)}&to=${iso(UNTIL_MS)}`;
    expect(await askJson(`${url}/oracle?${whole}`)).toEqual(count(events, ['edit'], 0, UNTIL_MS));
    expect(await askJson(`${url}/oracle?${whole}&types=edit,new`)).toEqual(
      count(events, ['edit', 'new'], 0, UNTIL_MS),
    );

    // One minute in the middle: late events belong to it, events that arrived in it but happened earlier do not.
    const [from, to] = [FROM_MS + 1_200_000, FROM_MS + 1_260_000];
    const minute = await askJson<MinuteCount[]>(`${url}/oracle?from=${iso(from)}&to=${iso(to)}`);
    expect(minute).toEqual(count(events, ['edit'], from, to));
    const late = events.filter(
      event =>
        event.timestamp * 1000 < to && Date.parse(event.meta.dt) >= to && event.timestamp * 1000 >= from,
    );
    expect(late.length).toBeGreaterThan(0);
    // The latest event of all: it arrived minutes after its own minute.
    const lateness = ({ meta, timestamp }: Event) => Date.parse(meta.dt) - timestamp * 1000;
    const latest = events.reduce((a, b) => (lateness(b) > lateness(a) ? b : a));
    expect(lateness(latest)).toBeGreaterThan(120_000);
    const before = Math.floor(latest.timestamp / 60) * 60_000;
    const all = { types: 'edit,new,log,categorize,142', from: iso(before), to: iso(before + 60_000) };
    expect(await askJson(`${url}/oracle?${new URLSearchParams(all).toString()}`)).toEqual(
      count(events, all.types.split(','), before, before + 60_000),
    );
    expect(await askJson(`${url}/oracle?from=${from}&to=${to}&wikis=enwiki,commonswiki`)).toEqual(
      minute.filter(row => row.wiki === 'enwiki' || row.wiki === 'commonswiki'),
    );

    const listed = (await ask(`${url}/oracle/events?${whole}`)).text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as ListedEvent);
    const expected = events.map(event => ({
      id: event.meta.id,
      wiki: event.wiki,
      timestamp: event.timestamp,
      type: event.type,
      topic: event.meta.topic,
      offset: event.meta.offset,
      dt: event.meta.dt,
    }));
    const byId = (a: { id?: string | undefined }, b: { id?: string | undefined }) =>
      (a.id ?? '') < (b.id ?? '') ? -1 : 1;
    expect(listed.sort(byId)).toEqual(expected.sort(byId));
    const counted = await askJson<{ events: number; by_type: Record<string, number> }>(
      `${url}/oracle/events/count?${whole}`,
    );
    expect(counted.events).toBe(events.length);
    expect(counted.by_type['edit']).toBe(events.filter(({ type }) => type === 'edit').length);
  });

  it('ignores events that have not arrived yet', async () => {
    wikimedia = await startWikimedia({ port: 0, rate: 50 });
    const { url } = wikimedia;
    const range = `from=${Date.now()}&to=${Date.now() + 3_600_000}`;
    let listed = 0;
    // At several times within a second: events that arrive later in the same second are not counted.
    for (let i = 0; i < 12; i++) {
      const lines = (await ask(`${url}/oracle/events?${range}`)).text
        .trimEnd()
        .split('\n')
        .filter(line => line !== '');
      const asked = Date.now();
      expect(lines.every(line => Date.parse((JSON.parse(line) as ListedEvent).dt) <= asked)).toBe(true);
      expect(lines.length).toBeGreaterThanOrEqual(listed);
      listed = lines.length;
      await untilTrue(() => Date.now() > asked + 150);
    }
    expect(listed).toBeGreaterThan(10);
  });

  it('does not block the stream while it counts days', async () => {
    wikimedia = await startWikimedia({ port: 0, rate: 100 });
    const { url, streamUrl } = wikimedia;
    const reading = await open(streamUrl);
    let counting = true;
    let during = 0;
    const counted = ask(`${url}/oracle?from=2026-11-18T00:00:00Z&to=2026-11-18T06:00:00Z&types=none`).then(
      () => (counting = false),
    );
    await untilTrue(() => {
      const before = reading.chunks.length;
      if (counting) during = before;
      return !counting;
    }, 50_000);
    await counted;
    expect(during).toBeGreaterThan(5);
    reading.close();
  });

  it.each([
    '',
    '?from=2026-11-20T00:00:00Z',
    '?from=x&to=y',
    '?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z',
  ])('requires a valid range instead of %j', async query => {
    wikimedia = await startWikimedia({ port: 0 });
    for (const path of ['/oracle', '/oracle/events', '/oracle/events/count', '/oracle/garbage']) {
      const answer = await ask(wikimedia.url + path + query);
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text)).toMatchObject({
        type: 'invalid_range',
        detail: expect.stringContaining('?from=2026'),
      });
    }
  });
});
