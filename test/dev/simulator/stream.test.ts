/** The protocol: every rule of the real EventStreams that the pipeline relies on, observed by a raw HTTP client. */

import { afterEach, describe, expect, it } from 'vitest';
import { TOPICS } from '../../../dev/simulator/datacentres.ts';
import type { WikimediaOptions } from '../../../dev/simulator/options.ts';
import { SIMULATED_HEADER, startWikimedia, type Wikimedia } from '../../../dev/simulator/server.ts';
import { ask, eventIn, type Frame, idIn, open, type Reading, USER_AGENT } from './client.ts';
import { untilTrue } from '../../support/until.ts';

const FROM_MS = Date.parse('2026-11-20T10:00:00Z');
const UNTIL_MS = FROM_MS + 3_600_000;
const [EQIAD, CODFW] = TOPICS;

/** A past hour: two events per second and eight canaries, then comments. */
const PAST = {
  port: 0,
  rate: 2,
  fromMs: FROM_MS,
  untilMs: UNTIL_MS,
  retentionMs: 10 * 365 * 86_400_000,
  commentMs: 20,
};

const running: Wikimedia[] = [];
const readings: Reading[] = [];

async function start(options: Partial<WikimediaOptions> = {}): Promise<Wikimedia> {
  const wikimedia = await startWikimedia({ port: 0, ...options });
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

/** All events of a finite source. */
async function everything(reading: Reading): Promise<Frame[]> {
  await untilTrue(() => reading.text.includes('\n: '));
  return reading.events();
}

const topicOf = (frame: Frame): string => eventIn(frame).meta.topic;
const dtOf = (frame: Frame | undefined): number => Date.parse(eventIn(frame).meta.dt);
const lastEventId = (entries: unknown) => ({ headers: { 'last-event-id': JSON.stringify(entries) } });

describe('the wire format', () => {
  it('starts with :ok, followed by frames of event, id, data', async () => {
    const { streamUrl } = await start(PAST);
    const reading = await stream(`${streamUrl}?since=${FROM_MS}`);
    await everything(reading);
    expect(reading.status).toBe(200);
    expect(reading.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(reading.text.startsWith(':ok\n\nevent: message\nid: [{"topic":"')).toBe(true);
    for (const frame of reading.events()) {
      expect(frame.bytes.toString()).toMatch(/^event: message\nid: \[\{[^\n]*\}\]\ndata: \{[^\n]*\}$/);
    }
  });

  it('sends lines without ids to clients that accept JSON', async () => {
    const { streamUrl } = await start(PAST);
    const sse = await everything(await stream(`${streamUrl}?since=${FROM_MS}`));
    const reading = await stream(`${streamUrl}?since=${FROM_MS}`, {
      headers: { accept: 'application/json' },
    });
    const wanted = `\n${sse.map(frame => `${frame.data?.toString()}\n`).join('')}`;
    await untilTrue(() => reading.bytes.length >= Buffer.byteLength(wanted));
    expect(reading.headers['content-type']).toContain('application/json');
    expect(reading.text).toBe(wanted);
  });

  it('serves the alias and marks every response as simulated', async () => {
    const { url } = await start(PAST);
    const reading = await stream(`${url}/v2/stream/mediawiki.recentchange?since=${FROM_MS}`);
    expect((await everything(reading)).length).toBeGreaterThan(5000);
    expect(SIMULATED_HEADER).toBe('x-wikigauge-simulated');
    expect(reading.headers[SIMULATED_HEADER]).toBe('true');
    for (const path of ['/', '/healthz', '/nothing', '/faults', '/v2/stream/x']) {
      expect((await ask(url + path)).headers[SIMULATED_HEADER]).toBe('true');
    }
  });
});

describe('ids', () => {
  it('contain the timestamp + 1 ms of delivered topics, and the start position of others', async () => {
    const { streamUrl } = await start(PAST);
    const frames = await everything(await stream(`${streamUrl}?since=${FROM_MS}`));
    const seen = new Map<string, number>();
    const asAssigned = { offset: expect.any(Number) as number };
    for (const frame of frames) {
      seen.set(topicOf(frame), dtOf(frame) + 1);
      for (const { topic, ...position } of idIn(frame)) {
        const timestamp = seen.get(topic);
        const expected = timestamp === undefined ? asAssigned : { timestamp };
        expect(position).toEqual({ partition: 0, ...expected });
      }
    }
    expect(seen.size).toBe(2);
  });

  it('contain -1 for a topic without messages since a live start', async () => {
    const { streamUrl } = await start({ rate: 100, switchesMs: [] });
    const reading = await stream(streamUrl);
    const first = await untilTrue(() => reading.events()[0]);
    expect(idIn(first)).toEqual([
      { topic: EQIAD, partition: 0, timestamp: dtOf(first) + 1 },
      { topic: CODFW, partition: 0, offset: -1 },
    ]);
  });

  it('list given offsets before given times', async () => {
    const { streamUrl } = await start(PAST);
    const reading = await stream(
      streamUrl,
      lastEventId([
        { topic: EQIAD, partition: 0, timestamp: FROM_MS },
        { topic: CODFW, partition: 0, offset: -1 },
      ]),
    );
    const first = await untilTrue(() => reading.events()[0]);
    expect(idIn(first).map(entry => entry.topic)).toEqual([CODFW, EQIAD]);
  });
});

describe('since', () => {
  it.each([
    ['milliseconds', String(FROM_MS + 600_000)],
    ['an ISO time', '2026-11-20T10:10:00Z'],
    ['another time that Date.parse reads', 'Fri, 20 Nov 2026 10:10:00 GMT'],
  ])('accepts %s', async (_, since) => {
    const { streamUrl, source } = await start(PAST);
    const frames = await everything(await stream(`${streamUrl}?since=${encodeURIComponent(since)}`));
    for (const log of source.logs) {
      const first = frames.find(frame => topicOf(frame) === log.topic);
      expect(eventIn(first).meta.offset).toBe(log.firstAtOrAfter(FROM_MS + 600_000, Date.now()));
      expect(dtOf(first)).toBeGreaterThanOrEqual(FROM_MS + 600_000);
    }
  });

  it('silently starts at the oldest available event when it is older', async () => {
    const { streamUrl, source } = await start({ rate: 0.5, retentionMs: 3_600_000, switchesMs: [] });
    const asked = Date.now();
    const reading = await stream(`${streamUrl}?since=2020-01-01T00:00:00Z`);
    const first = await untilTrue(() => reading.events().find(frame => topicOf(frame) === EQIAD));
    expect(dtOf(first)).toBeGreaterThanOrEqual(asked - 3_600_000);
    expect(dtOf(first)).toBeLessThan(asked - 3_500_000);
    expect(source.logs[0]?.read(eventIn(first).meta.offset - 1)[0]?.timestampMs).toBeLessThan(
      Date.now() - 3_600_000,
    );
  });

  it('responds 400 to an invalid time', async () => {
    const { streamUrl } = await start(PAST);
    const answer = await ask(`${streamUrl}?since=yesterday`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      status: 400,
      type: 'invalid_timestamp',
      detail: expect.stringContaining("'yesterday'"),
    });
  });
});

describe('Last-Event-ID', () => {
  it('resumes after the last message, or shortly before it, with the same bytes', async () => {
    const { streamUrl } = await start(PAST);
    const all = await everything(await stream(`${streamUrl}?since=${FROM_MS}`));
    const last = all[4000];
    const rest = await everything(await stream(streamUrl, { headers: { 'last-event-id': last?.id ?? '' } }));
    const expected = all.slice(4001).map(frame => frame.data?.toString());
    const got = rest.map(frame => frame.data?.toString());
    expect(got.slice(-expected.length + 40)).toEqual(expected.slice(40));
    expect(rest.every(frame => dtOf(frame) > dtOf(last))).toBe(true);
  });

  it('replaces the list of topics: omitted ones are not read', async () => {
    const { streamUrl } = await start(PAST);
    const frames = await everything(
      await stream(streamUrl, lastEventId([{ topic: CODFW, partition: 0, timestamp: FROM_MS }])),
    );
    expect(frames.length).toBeGreaterThan(3);
    expect(frames.every(frame => topicOf(frame) === CODFW && idIn(frame).length === 1)).toBe(true);
  });

  it('accepts offsets, which override timestamps, and overrides since', async () => {
    const { streamUrl, source } = await start(PAST);
    const offset = (source.logs[0]?.start(Date.now()) ?? 0) + 1234;
    const entry = { topic: EQIAD, partition: 0, offset, timestamp: FROM_MS };
    const frames = await everything(await stream(`${streamUrl}?since=${FROM_MS}`, lastEventId([entry])));
    expect(eventIn(frames[0]).meta.offset).toBe(offset);
    expect(frames.every((frame, i) => eventIn(frame).meta.offset === offset + i)).toBe(true);
  });

  it('starts at the end for a timestamp after the last message, and for an expired offset', async () => {
    const { streamUrl } = await start({ rate: 50, retentionMs: 60_000, switchesMs: [] });
    for (const position of [{ timestamp: Date.now() + 3_600_000 }, { offset: 1 }, { offset: -1 }]) {
      const begun = Date.now();
      const reading = await stream(streamUrl, lastEventId([{ topic: EQIAD, partition: 0, ...position }]));
      const first = await untilTrue(() => reading.events()[0]);
      expect(dtOf(first)).toBeGreaterThan(begun - 1000);
      reading.close();
    }
  });

  it.each([
    ['no JSON', '[{"topic"', 400],
    ['no list', '{"topic":"eqiad.mediawiki.recentchange","partition":0,"offset":-1}', 400],
    ['an empty list', '[]', 400],
    ['no position', '[{"topic":"eqiad.mediawiki.recentchange","partition":0}]', 400],
    ['an offset that is text', '[{"topic":"eqiad.mediawiki.recentchange","partition":0,"offset":"5"}]', 400],
    ['another stream', '[{"topic":"eqiad.mediawiki.page-create","partition":0,"offset":-1}]', 404],
  ])('refuses %s', async (_, header, status) => {
    const { streamUrl } = await start(PAST);
    const answer = await ask(streamUrl, { headers: { 'last-event-id': header } });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({
      origin: 'KafkaSSE',
      statusCode: status,
      message: expect.any(String),
    });
  });
});

describe('history', () => {
  it('is complete, each topic in its own order, the quiet one far ahead', async () => {
    const { streamUrl, source } = await start(PAST);
    const frames = await everything(await stream(`${streamUrl}?since=${FROM_MS}`));
    for (const log of source.logs) {
      const offsets = frames
        .filter(frame => topicOf(frame) === log.topic)
        .map(frame => eventIn(frame).meta.offset);
      const first = log.start(Date.now());
      expect(offsets).toEqual(Array.from({ length: log.end(Date.now()) - first }, (_, i) => first + i));
    }
    const lastQuiet = frames.findLastIndex(frame => topicOf(frame) === CODFW);
    expect(lastQuiet).toBeLessThan(200);
    expect(dtOf(frames[lastQuiet])).toBeGreaterThan(dtOf(frames[lastQuiet + 1]) + 1_800_000);
  });

  it('obeys the rate limit', async () => {
    const { streamUrl } = await start({ ...PAST, replayRate: 200 });
    const begun = Date.now();
    const reading = await stream(`${streamUrl}?since=${FROM_MS}`);
    await untilTrue(() => reading.events().length >= 300);
    const elapsed = (Date.now() - begun) / 1000;
    expect(reading.events().length).toBeLessThanOrEqual(200 * elapsed + 10);
    expect(elapsed).toBeGreaterThan(1);
  });

  it('waits for a client that does not read', async () => {
    const { streamUrl, connections } = await start({ rate: 100 });
    const reading = await stream(`${streamUrl}?since=2026-01-01T00:00:00Z`, { paused: true });
    const made = () => connections()[0]?.messages ?? 0;
    // Stopped: unchanged for 300 ms. Of sixty million, only as many were made as fit into the socket buffers.
    let before = -1;
    let since = Date.now();
    const still = await untilTrue(() => {
      if (made() !== before) [before, since] = [made(), Date.now()];
      return before > 0 && Date.now() - since > 300 && before;
    });
    expect(still).toBeLessThan(20_000);
    reading.resume();
    await untilTrue(() => made() > still + 5000);
  });
});

describe('live messages', () => {
  it('are delivered when events arrive, not earlier and not in bulk', async () => {
    const { streamUrl, source } = await start({ rate: 100, switchesMs: [] });
    const reading = await stream(streamUrl);
    let known = 0;
    const delays: number[] = [];
    await untilTrue(() => {
      const events = reading.events();
      for (const frame of events.slice(known)) {
        const arrivedMs = source.logs[0]?.read(eventIn(frame).meta.offset)[0]?.arrivedMs ?? NaN;
        delays.push(Date.now() - arrivedMs);
      }
      known = events.length;
      return delays.length > 200;
    });
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    // The median, because a busy machine may pause both sides for longer.
    expect(delays.sort((a, b) => a - b)[100]).toBeLessThan(1_000);
  });

  it('continue across a datacentre switch', async () => {
    const switchMs = Math.ceil(Date.now() / 1000) * 1000 + 1000;
    const { streamUrl } = await start({ rate: 100, switchesMs: [switchMs] });
    const reading = await stream(streamUrl);
    await untilTrue(() => reading.events().filter(frame => topicOf(frame) === CODFW).length > 30);
    const frames = reading.events();
    const after = frames.filter(frame => dtOf(frame) >= switchMs);
    expect(after.filter(frame => topicOf(frame) === EQIAD).length).toBeLessThan(5);
    expect(frames.some(frame => topicOf(frame) === EQIAD)).toBe(true);
    expect(idIn(frames.at(-1)).every(entry => entry.timestamp !== undefined)).toBe(true);
  });

  it('follow history without a gap', async () => {
    const { streamUrl } = await start({ rate: 50, switchesMs: [] });
    const begun = Date.now();
    const reading = await stream(`${streamUrl}?since=${begun - 60_000}`);
    await untilTrue(() => dtOf(reading.events().at(-1)) > begun + 500);
    const offsets = reading
      .events()
      .map(eventIn)
      .filter(event => event.meta.topic === EQIAD)
      .map(event => event.meta.offset);
    expect(offsets.every((offset, i) => offset === (offsets[0] ?? 0) + i)).toBe(true);
  });
});

describe('connections', () => {
  it('end after their maximum time, between two messages', async () => {
    const { streamUrl, connections } = await start({ rate: 100, connectionMaxMs: 700 });
    const reading = await (await stream(streamUrl)).done();
    expect(reading.ended).toBe('end');
    expect(reading.text.endsWith('\n\n')).toBe(true);
    expect(reading.events().length).toBeGreaterThan(10);
    await untilTrue(() => connections().length === 0);
  });

  it('are limited to two per client; a closed one frees its slot', async () => {
    const { streamUrl, connections } = await start();
    const [first] = [await stream(streamUrl), await stream(streamUrl)];
    const third = await ask(streamUrl);
    expect(third.status).toBe(429);
    expect(JSON.parse(third.text)).toMatchObject({ status: 429, type: 'too_many_requests' });
    expect((await stream(streamUrl, { client: '192.0.2.7' })).status).toBe(200);
    first.close();
    await untilTrue(() => connections().length === 2);
    expect((await stream(streamUrl)).status).toBe(200);
  });

  it.each([[''], ['node'], ['curl/8.5.0'], ['python-requests/2.31']])(
    'are refused without contact details in the User-Agent: %j',
    async agent => {
      const { streamUrl } = await start();
      const answer = await ask(streamUrl, { headers: { 'user-agent': agent } });
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.text)).toMatchObject({
        status: 403,
        type: 'forbidden',
        detail: expect.stringContaining('User-Agent'),
      });
    },
  );

  it.each([['name/1 (me@example.org)'], ['name/1 (https://example.org)'], [USER_AGENT]])(
    'accept %s as contact details',
    async agent => {
      const { streamUrl } = await start();
      expect((await stream(streamUrl, { headers: { 'user-agent': agent } })).status).toBe(200);
    },
  );

  it('are refused with 400 for an unknown stream', async () => {
    const { url } = await start();
    const answer = await ask(`${url}/v2/stream/recentchange,page-create`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      type: 'not_found',
      title: 'Stream Not Found',
      detail: 'Invalid streams: page-create',
    });
  });
});

describe('the rest of the server', () => {
  it('handles HEAD, unknown paths and wrong methods', async () => {
    const { url, streamUrl } = await start();
    const head = await ask(streamUrl, { method: 'HEAD' });
    expect([head.status, head.headers['content-type'], head.text]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      '',
    ]);
    expect((await ask(url, { method: 'HEAD' })).status).toBe(200);
    expect((await ask(`${url}/nothing`)).status).toBe(404);
    expect((await ask(streamUrl, { method: 'POST' })).status).toBe(405);
    expect((await ask(`${url}/healthz`, { method: 'DELETE' })).status).toBe(404);
    expect((await ask(`${url}/v2/stream/%E0%A4%A`)).status).toBe(400);
  });

  it('describes itself', async () => {
    const { url, streamUrl } = await start({ seed: 7, rate: 3 });
    await stream(streamUrl);
    expect((await ask(url)).text).toContain('/v2/stream/recentchange');
    const health = JSON.parse((await ask(`${url}/healthz`)).text) as object;
    expect(health).toMatchObject({
      ok: true,
      simulated: true,
      source: 'universe 7 at 3 events/s',
      connections: [{ messages: expect.any(Number) }],
    });
  });

  it('leaves no sockets open when it closes', async () => {
    const sockets = () => process.getActiveResourcesInfo().filter(name => name.startsWith('TCP')).length;
    const before = sockets();
    const wikimedia = await startWikimedia({ port: 0, faults: { cut: { everyMs: 60_000, lastsMs: 0 } } });
    const open = [
      await stream(wikimedia.streamUrl),
      await stream(`${wikimedia.streamUrl}?since=0`, { paused: true }),
    ];
    await wikimedia.close();
    await wikimedia.close();
    await Promise.all(
      open.map(async reading => {
        reading.resume();
        await reading.done();
      }),
    );
    await expect(ask(wikimedia.url)).rejects.toThrow('ECONNREFUSED');
    await untilTrue(() => sockets() <= before);
  });

  it('reports a port that is taken', async () => {
    const { port } = await start();
    await expect(startWikimedia({ port })).rejects.toThrow(
      `EADDRINUSE: address already in use 127.0.0.1:${port}`,
    );
  });
});

describe('partitions and holes', () => {
  const HOLES = [
    { atMs: FROM_MS + 1_200_000, size: 5_000 },
    { atMs: FROM_MS + 1_201_000, size: 7 },
  ];
  const SHORT = { ...PAST, rate: 1, untilMs: FROM_MS + 1_800_000 };
  const PARTED = { ...SHORT, partitions: 3, holes: HOLES };
  const placeOf = (frame: Frame): string => `${topicOf(frame)}/${eventIn(frame).meta.partition}`;
  const bodies = (frames: readonly Frame[]): string[] =>
    frames.map(frame =>
      JSON.stringify({
        ...eventIn(frame),
        meta: { ...eventIn(frame).meta, partition: undefined, offset: undefined },
      }),
    );

  it('change where a message is and what its id says, and nothing else', async () => {
    const plain = await start(SHORT);
    const parted = await start(PARTED);
    const all = await everything(await stream(`${plain.streamUrl}?since=${FROM_MS}`));
    const frames = await everything(await stream(`${parted.streamUrl}?since=${FROM_MS}`));
    expect(bodies(frames).sort()).toEqual(bodies(all).sort());
    expect(new Set(frames.map(placeOf)).size).toBe(6);
    expect(idIn(frames.at(-1)).map(({ topic, partition }) => `${topic}/${partition}`)).toHaveLength(6);
    const rows = async ({ url }: Wikimedia) =>
      (await ask(`${url}/oracle?from=2026-11-20T10:00:00Z&to=2026-11-20T11:00:00Z`)).text;
    expect(await rows(parted)).toBe(await rows(plain));
  });

  it('number each partition without gaps, except for the holes', async () => {
    const { streamUrl } = await start(PARTED);
    const frames = await everything(await stream(`${streamUrl}?since=${FROM_MS}`));
    const last = new Map<string, number>();
    const jumps: { missing: number; afterMs: number }[] = [];
    for (const frame of frames) {
      const { offset } = eventIn(frame).meta;
      const missing = offset - (last.get(placeOf(frame)) ?? offset - 1) - 1;
      if (missing !== 0) jumps.push({ missing, afterMs: dtOf(frame) });
      last.set(placeOf(frame), offset);
    }
    expect(jumps.map(({ missing }) => missing).sort((a, b) => a - b)).toEqual([7, 5_000]);
    for (const { afterMs } of jumps) {
      expect(afterMs).toBeGreaterThanOrEqual(FROM_MS + 1_200_000);
      expect(afterMs).toBeLessThan(FROM_MS + 1_300_000);
    }
  });

  it.each([
    ['offsets', 0],
    // A message that was sent out of order may be passed over, as on the real stream.
    ['timestamps', 20],
  ])('resume each partition on its own, by %s', async (by, most) => {
    const { streamUrl } = await start(PARTED);
    const all = await everything(await stream(`${streamUrl}?since=${FROM_MS}`));
    const seen = all.slice(0, 1000);
    const places = new Map(seen.map(frame => [placeOf(frame), frame]));
    const entries = [...places.values()].map(frame => {
      const { topic, partition, offset } = eventIn(frame).meta;
      return {
        topic,
        partition,
        ...(by === 'offsets' ? { offset: offset + 1 } : { timestamp: dtOf(frame) + 1 }),
      };
    });
    const rest = await everything(await stream(streamUrl, lastEventId(entries)));
    const missing = new Set(all.map(frame => eventIn(frame).meta.id ?? ''));
    for (const frame of [...seen, ...rest]) missing.delete(eventIn(frame).meta.id ?? '');
    expect(missing.size).toBeLessThanOrEqual(most);
    expect(seen.length + rest.length).toBe(all.length - missing.size);
  });

  it('are served evenly, at whatever pace', async () => {
    const { streamUrl } = await start({ ...PARTED, replayRate: 1_000 });
    const reading = await stream(`${streamUrl}?since=${FROM_MS}`);
    // Less than everything.
    await untilTrue(() => reading.bytes.length > 1_000_000, 60_000);
    const counts = new Map<string, number>();
    for (const frame of reading.events().filter(each => topicOf(each) === EQIAD))
      counts.set(placeOf(frame), (counts.get(placeOf(frame)) ?? 0) + 1);
    expect(counts.size).toBe(3);
    expect(Math.max(...counts.values())).toBeLessThan(2 * Math.min(...counts.values()));
  });

  it('of the quiet topic are served beside those of the busy one, at whatever pace', async () => {
    // So slow that each turn has one message.
    const { streamUrl } = await start({ ...PARTED, replayRate: 200 });
    const reading = await stream(`${streamUrl}?since=${FROM_MS}`);
    await untilTrue(() => reading.events().length > 200, 60_000);
    const topics = reading.events().map(topicOf);
    expect(topics.filter(topic => topic === CODFW).length).toBeGreaterThan(0);
    expect(topics.filter(topic => topic === EQIAD).length).toBeGreaterThan(100);
  });

  it('refuse a partition that does not exist', async () => {
    const { streamUrl } = await start(PARTED);
    const { headers } = lastEventId([{ topic: EQIAD, partition: 3, timestamp: FROM_MS }]);
    const answer = await ask(streamUrl, { headers });
    expect(answer.status).toBe(400);
  });
});
