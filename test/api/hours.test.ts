/** ⑦ `GET /api/v1/hours`: audits of hours, page by page, the latest first. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { AuditedHours } from '../../src/api/schemas/hours.ts';
import { HOUR_MS, hourOf } from '../../src/core/time.ts';
import { MemoryGold, auditedHourOf } from './memory-gold.ts';
import { expectationOf } from './recorded.ts';

const NOW_MS = Date.parse('2026-11-20T12:29:30Z');

let gold: MemoryGold;
let app: FastifyInstance;
beforeEach(async () => {
  gold = new MemoryGold();
  app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now: () => NOW_MS });
  return () => app.close();
});

/** The hour that began some hours before the current one. */
const ago = (hours: number): string => hourOf((NOW_MS - hours * HOUR_MS) / 1000);
const get = async (query: string): Promise<AuditedHours> =>
  (await app.inject(`/api/v1/hours${query}`)).json();
const names = async (query: string): Promise<string[]> => (await get(query)).hours.map(({ hour }) => hour);

describe('hours', () => {
  test('have what the last rebuild found', async () => {
    gold.setAudits(
      auditedHourOf('2026-11-20T10', {
        covered: [Date.parse('2026-11-20T10:00:00Z'), Date.parse('2026-11-20T10:20:00Z')],
        keptBefore: Date.parse('2026-11-20T10:05:00Z') / 1000,
      }),
    );
    gold.setExpectations(
      expectationOf('2026-11-20T10', {
        all: { kind: 'quiet', edits: 1, expected: 300, factor: 1 / 300 },
        quiet: [],
      }),
    );
    expect(await get('')).toEqual({
      hours: [
        {
          hour: '2026-11-20T10',
          sealed: true,
          rebuiltAt: '2026-11-20T11:05:00.000Z',
          parts: 2,
          events: 12,
          edits: 9,
          distinctEdits: 8,
          duplicates: 1,
          late: 0,
          unusable: 0,
          changedRows: 1,
          gaps: 0,
          read: { from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T10:20:00.000Z' },
          olderRowsBefore: '2026-11-20T10:05:00Z',
          digests: true,
          expectation: {
            state: 'quiet',
            edits: 1,
            expected: 300,
            factor: 0,
            wikis: 9,
            quiet: [],
            judgedAt: '2026-11-20T11:10:00Z',
          },
        },
      ],
    });
  });

  test('come page by page, the latest first, each once', async () => {
    const all = Array.from({ length: 30 }, (_, nth) => ago(nth + 1));
    gold.setAudits(...all.toReversed().map(hour => auditedHourOf(hour)));
    expect(await names('')).toEqual(all.slice(0, 24));
    const seen: string[] = [];
    let page = await get('?limit=7');
    for (; page.next !== undefined; page = await get(`?limit=7&after=${page.next}`))
      seen.push(...page.hours.map(({ hour }) => hour));
    seen.push(...page.hours.map(({ hour }) => hour));
    expect(seen).toEqual(all);
    // The last page is full: there is no empty one after it.
    expect(await get('?limit=30')).not.toHaveProperty('next');
  });

  test('of a range are those that it touches', async () => {
    gold.setAudits(...[1, 2, 3, 200].map(hours => auditedHourOf(ago(hours))));
    expect(await names('?minutes=60')).toEqual([ago(1)]);
    expect(await names('?minutes=95')).toEqual([ago(1), ago(2)]);
    expect(await names(`?from=${ago(3)}:59:00Z&to=${ago(1)}:00:00Z`)).toEqual([ago(2), ago(3)]);
    expect(await names(`?from=${ago(3)}:59:00Z&to=${ago(1)}:00:00Z&after=${ago(2)}`)).toEqual([ago(3)]);
    expect(await names(`?minutes=60&after=${ago(9)}`)).toEqual([]);
    // Without a range, a week.
    expect(await names('')).toEqual([ago(1), ago(2), ago(3)]);
    expect(await names('?minutes=20000')).toHaveLength(4);
  });

  test.each([
    ['?after=2026-11-20', 'after'],
    ['?after=2026-02-30T10', 'after'],
    ['?limit=0', 'limit'],
    ['?limit=169', 'limit'],
    ['?from=yesterday', 'from'],
    ['?hours=3', 'hours'],
  ])('refuse %s by name', async (query, parameter) => {
    const response = await app.inject(`/api/v1/hours${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ parameter }] });
  });
});
