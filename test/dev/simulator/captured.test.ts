/** Captured events, served unchanged. */
import { afterEach, describe, expect, it } from 'vitest';
import { capturedSource } from '../../../dev/simulator/captured.ts';
import type { MinuteCount } from '../../../dev/simulator/oracle.ts';
import { startWikimedia, type Wikimedia } from '../../../dev/simulator/server.ts';
import { ask, askJson, type Event, idIn, open, type Reading } from './client.ts';
import { CAPTURED_FILES, capturedLines, capturedPath } from '../../support/captured.ts';
import { untilTrue } from '../../support/until.ts';

const FILES = CAPTURED_FILES.map(({ name }) => name);
const REPEATING = 'eqiad-2024-08-22T2035Z-resumed-with-duplicates.ndjson';

let wikimedia: Wikimedia | undefined;
const readings: Reading[] = [];

afterEach(async () => {
  for (const reading of readings.splice(0)) reading.close();
  await wikimedia?.close();
});

async function replay(name: string): Promise<Wikimedia> {
  wikimedia = await startWikimedia({ port: 0, replay: capturedPath(name), commentMs: 20 });
  return wikimedia;
}

async function read(url: string, headers: Record<string, string> = {}): Promise<Reading> {
  const reading = await open(url, { headers });
  readings.push(reading);
  await untilTrue(() => reading.text.endsWith('\n\n: nothing new\n\n'));
  return reading;
}

const topicOf = (line: string): string =>
  (JSON.parse(line) as Event).meta.topic ?? 'eqiad.mediawiki.recentchange';

describe('captures', () => {
  it.each(FILES)('%s is served byte for byte, in file order, and then stays open', async name => {
    const { streamUrl } = await replay(name);
    for (const url of [streamUrl, `${streamUrl}?since=2019-01-01T00:00:00Z`]) {
      const reading = await read(url);
      const got = reading.events().map(frame => frame.data?.toString() ?? '');
      for (const topic of ['eqiad.mediawiki.recentchange', 'codfw.mediawiki.recentchange']) {
        expect(got.filter(line => topicOf(line) === topic)).toEqual(
          capturedLines(name).filter(line => topicOf(line) === topic),
        );
      }
      expect(got.length).toBe(capturedLines(name).length);
      expect(reading.ended).toBeUndefined();
    }
  });

  it.each(FILES)('%s is counted by the oracle, each meta.id once', async name => {
    const { url } = await replay(name);
    const events = new Map(
      capturedLines(name)
        .map(line => JSON.parse(line) as Event)
        .map(event => [event.meta.id, event]),
    );
    const edits = [...events.values()].filter(({ type }) => type === 'edit');
    const rows = await askJson<MinuteCount[]>(
      `${url}/oracle?from=2019-01-01T00:00:00Z&to=2027-01-01T00:00:00Z`,
    );
    const sum = (of: (row: MinuteCount) => number) => rows.reduce((total, row) => total + of(row), 0);
    expect(sum(row => row.edits)).toBe(edits.length);
    expect(sum(row => row.bytes_change)).toBe(
      edits.reduce((total, { length }) => total + (length?.new ?? 0) - (length?.old ?? 0), 0),
    );
    expect(sum(row => (row.is_bot ? row.edits : 0))).toBe(edits.filter(({ bot }) => bot).length);
    const listed = (await ask(`${url}/oracle/events?from=2019-01-01T00:00:00Z&to=2027-01-01T00:00:00Z`)).text
      .trimEnd()
      .split('\n');
    expect(listed.length).toBe(events.size);
  });

  it('delivers the duplicates of a file but counts them once', async () => {
    const { url, streamUrl } = await replay(REPEATING);
    expect((await read(streamUrl)).events().length).toBe(244);
    expect(await askJson(`${url}/oracle/events/count?from=2024-08-22&to=2024-08-23`)).toMatchObject({
      events: 202,
    });
  });

  it('resumes from a message id: the Kafka timestamp is meta.dt', async () => {
    const { streamUrl } = await replay('eqiad-2024-08-22T0402Z.ndjson');
    const all = (await read(streamUrl)).events();
    const timestamps = all
      .map(frame => (JSON.parse(frame.data?.toString() ?? '') as Event).meta.dt)
      .map(dt => Date.parse(dt));
    expect(idIn(all[1500])).toContainEqual({
      topic: 'eqiad.mediawiki.recentchange',
      partition: 0,
      timestamp: (timestamps[1500] ?? 0) + 1,
    });
    const rest = (await read(streamUrl, { 'last-event-id': all[1500]?.id ?? '' })).events();
    const first = timestamps.findIndex(ms => ms > (timestamps[1500] ?? 0));
    expect(rest.map(frame => frame.data?.toString())).toEqual(
      all.slice(first).map(frame => frame.data?.toString()),
    );
  });
});

describe('a synthetic file', () => {
  const line = (fields: object) =>
    JSON.stringify({ type: 'edit', wiki: 'enwiki', timestamp: 1_700_000_000, ...fields });

  it('may contain lines without topic, id or JSON, and lack the last newline', () => {
    const content = [
      line({ meta: { id: 'a', dt: '2023-11-14T22:13:21Z' }, length: { new: 7 } }),
      'not json',
      line({ meta: { dt: '2023-11-14T22:13:25Z' } }),
      line({
        meta: { id: 'b', dt: '2023-11-14T22:13:22Z', topic: 'codfw.mediawiki.recentchange' },
        length: { old: 9, new: 2 },
        bot: true,
      }),
      line({ meta: { id: 'a', dt: '2023-11-14T22:13:26Z' }, length: { new: 7 } }),
      '{"meta":{"domain":"canary","id":"c","dt":"2023-11-14T22:13:27Z"}}',
    ];
    const source = capturedSource(Buffer.from(content.join('\r\n')));
    const [eqiad, codfw] = source.logs;
    expect(eqiad?.read(0).map(message => String(message.body()))).toEqual(
      [0, 1, 2, 4, 5].map(i => content[i]),
    );
    expect(eqiad?.read(0).map(message => message.timestampMs % 60_000)).toEqual([
      21_000, 21_000, 25_000, 26_000, 27_000,
    ]);
    expect(codfw?.read(0).map(message => String(message.body()))).toEqual([content[3]]);
    expect(
      [...source.facts(0, 2_000_000_000, 0)].flat().map(fact => [fact.id(), fact.bytesChange, fact.bot]),
    ).toEqual([
      ['a', 7, false],
      ['b', -7, true],
    ]);
  });

  it('prevents the start when it is missing', async () => {
    await expect(startWikimedia({ port: 0, replay: '/nowhere.ndjson' })).rejects.toThrow('/nowhere.ndjson');
  });
});
