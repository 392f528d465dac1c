/** ⑦ `GET /api/v1/hours/{hour}`: what it certifies, what it says it does not know, and what it refuses. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { HourCertificate } from '../../src/api/schemas/hour-certificate.ts';
import type { HourEvidence } from '../../src/contracts/storage/hour-evidence.ts';
import { backfillPartKey, hourPrefix, replayPartKey } from '../../src/contracts/storage/object-keys.ts';
import { NO_RECORD } from '../../src/gold/hour-record.ts';
import type { HourRecord } from '../../src/gold/hour-record.ts';
import { MemoryGold, auditedHourOf } from './memory-gold.ts';
import { expectationOf } from './recorded.ts';

const HOUR = '2026-11-20T10';
const ms = (time: string): number => Date.parse(`2026-11-20T${time}:00Z`);
const iso = (time: string): string => `2026-11-20T${time}:00.000Z`;
const STREAM = `${hourPrefix(HOUR)}part-000000000007-a1.ndjson.gz`;
const API = backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0000-6000' });
const REPLAY = replayPartKey(HOUR, { sequence: 7, attempt: 'a1' }, '0123456789abcdef');
const OLDER = `${hourPrefix(HOUR)}part-0123456789abcdef0123456789abcdef.ndjson.gz`;
const SHA = 'ab'.repeat(32);
const part = (key: string) => ({
  key,
  url: 'https://s.example/',
  simulated: true,
  lines: 6,
  bytes: 60,
  sha256: SHA,
});
const evidence: HourEvidence = {
  at: iso('11:05'),
  isSealed: true,
  changedRows: 1,
  parts: [STREAM, API].map(part),
  offsets: [{ topic: 'eqiad.x', partition: 0, first: 5_000_000_001, last: 5_000_000_012, events: 12 }],
  rows: { rows: 3, edits: 8, bytesChange: -40, sha256: SHA },
};
const counted = [API, STREAM].map(key => ({ key, isAfter: false }));
const whole: HourRecord = {
  kind: 'read',
  audited: auditedHourOf(HOUR),
  evidence,
  corrections: [
    { nth: 1, at: iso('11:05'), kind: 'rebuilt', changedRows: 1, parts: 1, reasons: ['backfill'] },
  ],
  ledger: counted,
  sums: { rows: 3, edits: 8, bytesChange: -40 },
};

let gold: MemoryGold;
let app: FastifyInstance;
beforeEach(async () => {
  gold = new MemoryGold();
  gold.setReads({ read: [{ fromMs: ms('08:00'), toMs: ms('12:00') }], pending: [] });
  gold.setExpectations(expectationOf(HOUR));
  app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now: () => ms('12:29') });
  return () => app.close();
});

const get = async (): Promise<HourCertificate> => (await app.inject(`/api/v1/hours/${HOUR}`)).json();
const unknownIn = ({ unknown }: HourCertificate): string[] => unknown.map(({ what }) => what);

describe('the certificate of an hour', () => {
  test('says what was read, lost, filled, counted and corrected', async () => {
    gold.setRecord(HOUR, whole);
    gold.setExpectations(expectationOf('2026-11-20T09'), expectationOf(HOUR));
    gold.setReads({
      read: [{ fromMs: ms('08:00'), toMs: ms('10:40') }],
      pending: [{ fromMs: ms('10:40'), toMs: ms('12:00'), wikis: ['enwiki'] }],
    });
    gold.setGaps(
      { id: 'a', cause: 'offsets', topic: 'eqiad.x', missing: 3, from: iso('09:50'), to: iso('10:10') },
      { id: 'before', cause: 'retention', from: iso('09:00'), to: iso('10:00') },
      { id: 'after', cause: 'retention', from: iso('11:00'), to: iso('11:30') },
    );
    gold.setCoverage(
      { id: 'x', source: 'api', wikis: ['enwiki'], from: iso('09:00'), to: iso('10:30') },
      { id: 'y', source: 'dump', from: iso('11:00'), to: iso('12:00') },
    );
    const { digest, ...certificate } = await get();
    expect(certificate).toEqual({
      version: 1,
      hour: HOUR,
      from: iso('10:00'),
      to: iso('11:00'),
      state: 'sealed',
      rebuiltAt: iso('11:05'),
      counts: {
        parts: 2,
        events: 12,
        edits: 9,
        distinctEdits: 8,
        duplicates: 1,
        late: 0,
        unusable: 0,
      },
      changedRows: 1,
      rows: evidence.rows,
      gold: whole.sums,
      read: [
        { from: iso('10:00'), to: iso('10:40'), inGold: true },
        { from: iso('10:40'), to: iso('11:00'), inGold: false, wikis: ['enwiki'] },
      ],
      backfilled: [{ from: iso('10:00'), to: iso('10:30'), source: 'api', wikis: ['enwiki'] }],
      gaps: [
        { id: 'a', cause: 'offsets', topic: 'eqiad.x', from: iso('09:50'), to: iso('10:10'), missing: 3 },
      ],
      offsets: evidence.offsets,
      parts: [
        { ...part(STREAM), source: 'stream' },
        { ...part(API), source: 'backfill_api' },
      ],
      added: [],
      corrections: whole.corrections,
      expectation: {
        state: 'as_usual',
        edits: 3_120,
        expected: 3_004.5,
        factor: 1.04,
        wikis: 9,
        quiet: [{ wiki: 'dewiki', edits: 3, expected: 812.41, factor: 0 }],
        judgedAt: '2026-11-20T11:10:00Z',
      },
      unknown: [],
    });
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('is named by a digest that everybody can compute from it', async () => {
    gold.setRecord(HOUR, whole);
    const { digest, ...rest } = await get();
    const sorted = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(sorted);
      if (typeof value !== 'object' || value === null) return value;
      const names = Object.keys(value).sort();
      return Object.fromEntries(names.map(name => [name, sorted((value as Record<string, unknown>)[name])]));
    };
    const text = JSON.stringify(sorted(rest));
    expect(digest).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
  });

  test('is the same text for the same facts, whatever lies around the hour; other facts have another digest', async () => {
    gold.setRecord(HOUR, whole);
    const first = await app.inject(`/api/v1/hours/${HOUR}`);
    gold.setReads({ read: [{ fromMs: ms('07:00'), toMs: ms('13:00') }], pending: [] });
    gold.setGaps({ id: 'after', cause: 'retention', from: iso('11:00'), to: iso('11:30') });
    expect((await app.inject(`/api/v1/hours/${HOUR}`)).body).toBe(first.body);
    gold.setRecord(HOUR, { ...whole, sums: { ...whole.sums, edits: 9 } });
    expect((await get()).digest).not.toBe(first.json<HourCertificate>().digest);
  });

  test('names the source of each part', async () => {
    const keys = [
      STREAM,
      REPLAY,
      OLDER,
      ...(['stream', 'dump'] as const).map(source => backfillPartKey(HOUR, { source, window: '0000-6000' })),
    ];
    gold.setRecord(HOUR, { ...whole, evidence: { ...evidence, parts: keys.map(part) } });
    expect((await get()).parts.map(({ source }) => source)).toEqual([
      'stream',
      'replay',
      'older_project',
      'backfill_stream',
      'backfill_dump',
    ]);
  });

  test('of an hour that an earlier version has rebuilt has no digests, and says so', async () => {
    gold.setRecord(HOUR, { ...whole, evidence: undefined, corrections: [] });
    const certificate = await get();
    expect(certificate.parts).toEqual([
      { key: API, source: 'backfill_api' },
      { key: STREAM, source: 'stream' },
    ]);
    expect(certificate).not.toHaveProperty('rows');
    expect(unknownIn(certificate)).toEqual(['digests']);
    expect(certificate.unknown[0]?.detail).toContain('npm run transform');
  });

  test('of an open hour has the parts so far, and no counts', async () => {
    gold.setRecord(HOUR, { ...NO_RECORD, ledger: counted, sums: { rows: 1, edits: 2, bytesChange: 3 } });
    gold.setReads({ read: [{ fromMs: ms('10:00'), toMs: ms('10:20') }], pending: [] });
    const certificate = await get();
    expect(certificate).toMatchObject({ state: 'open', gold: { edits: 2 }, parts: [] });
    expect(certificate.added.map(({ key }) => key)).toEqual([API, STREAM]);
    expect(certificate).not.toHaveProperty('counts');
    expect(unknownIn(certificate)).toEqual(['counts', 'read']);
  });

  test('says what else it does not know', async () => {
    const { rows: _, ...withoutRows } = evidence;
    gold.setRecord(HOUR, {
      ...whole,
      evidence: { ...withoutRows, offsets: [], correctionsSince: iso('11:05') },
      corrections: whole.corrections.map(one => ({ ...one, nth: 4 })),
      ledger: [...counted, { key: REPLAY, isAfter: true }],
    });
    gold.setReads({ read: [], pending: [] }, [], ms('11:00') / 1000);
    gold.setExpectations();
    const certificate = await get();
    expect(unknownIn(certificate)).toEqual([
      'offsets',
      'rows',
      'corrections',
      'corrections',
      'added',
      'read',
      'expectation',
      'gold',
    ]);
    expect(certificate.added).toEqual([{ key: REPLAY, source: 'replay' }]);
    // Rows that were dropped are not none.
    expect(certificate).not.toHaveProperty('gold');
  });

  test('of an hour whose gold is damaged says so', async () => {
    gold.setRecord(HOUR, { kind: 'unreadable' });
    const certificate = await get();
    expect(certificate).toMatchObject({ state: 'open', parts: [], unknown: [{ what: 'gold' }] });
    expect(certificate).not.toHaveProperty('gold');
  });

  test.each<[string, () => void]>([
    ['was only read', () => undefined],
    [
      'is only in a gap',
      () => gold.setGaps({ id: 'a', cause: 'log_lost', from: iso('10:00'), to: iso('10:01') }),
    ],
    [
      'was only filled',
      () => gold.setCoverage({ id: 'a', source: 'dump', from: iso('10:00'), to: iso('10:01') }),
    ],
  ])('exists for an hour that %s', async (what, know) => {
    if (what !== 'was only read') gold.setReads({ read: [], pending: [] });
    know();
    expect((await app.inject(`/api/v1/hours/${HOUR}`)).statusCode).toBe(200);
  });

  test('does not exist for an hour that nobody knows', async () => {
    for (const hour of ['2026-11-20T13', '2001-01-15T00', '9999-12-31T23']) {
      const response = await app.inject(`/api/v1/hours/${hour}`);
      expect([hour, response.statusCode]).toEqual([hour, 404]);
      expect(response.json()).toMatchObject({ detail: expect.stringContaining(hour) as unknown });
    }
  });

  test.each(['2026-11-20', '2026-11-20T10:00Z', '2026-02-30T10', '2026-11-20T24', 'now'])(
    'is refused for %s, with an example',
    async hour => {
      const response = await app.inject(`/api/v1/hours/${encodeURIComponent(hour)}`);
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({
        errors: [{ parameter: 'hour', got: hour, example: 'hour=2026-11-20T10' }],
      });
    },
  );
});
