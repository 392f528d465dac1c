/** Anomalies of many wikis at once. */
import { expect, test } from 'vitest';
import { anomalyId } from '../../../src/core/usual/anomaly.ts';
import type { AccountKind, Anomaly } from '../../../src/core/usual/anomaly.ts';
import { groupAnomalies } from '../../../src/core/usual/group.ts';
import { MONDAY } from './hours.ts';

function anomaly(
  wiki: string,
  minute: number,
  to: number | null = minute + 60,
  account: AccountKind = 'human',
): Anomaly {
  const from = MONDAY + minute * 60;
  return {
    id: anomalyId(wiki, account, from),
    wiki,
    account,
    from,
    to: to === null ? null : MONDAY + to * 60,
    noticedAt: from + 300,
    countedTo: from + 300,
    edits: 100,
    expected: 10,
    peak: { from, to: from + 300, edits: 100, expected: 10 },
  };
}
const WIKIS = ['enwiki', 'dewiki', 'frwiki', 'eswiki', 'itwiki'];

test('five wikis at once are one event, from the first to the last', () => {
  const all = WIKIS.map((wiki, i) => anomaly(wiki, i * 5));
  const [event, ...rest] = groupAnomalies(all.toReversed());
  expect(rest).toEqual([]);
  expect(event).toMatchObject({ kind: 'many_wikis', id: all[0]?.id, from: all[0]?.from, to: all[4]?.to });
});

test('it keeps its id when another wiki joins', () => {
  const all = WIKIS.map((wiki, i) => anomaly(wiki, i * 5));
  const [before] = groupAnomalies(all);
  const [after] = groupAnomalies([...all, anomaly('plwiki', 30)]);
  expect(after).toMatchObject({ id: before?.kind === 'many_wikis' ? before.id : '' });
  expect(after?.kind === 'many_wikis' ? after.anomalies : []).toHaveLength(6);
});

test('it lasts while one of them does', () => {
  const all = WIKIS.map((wiki, i) => anomaly(wiki, i * 5, i === 2 ? null : i * 5 + 60));
  expect(groupAnomalies(all)).toMatchObject([{ kind: 'many_wikis', to: null }]);
});

test.each([
  ['four wikis', WIKIS.slice(0, 4).map((wiki, i) => anomaly(wiki, i))],
  ['five wikis one after the other', WIKIS.map((wiki, i) => anomaly(wiki, i * 70))],
  [
    'people in some and bots in others',
    WIKIS.map((wiki, i) => anomaly(wiki, i, i + 60, i < 3 ? 'human' : 'bot')),
  ],
  ['one wiki five times', WIKIS.map((_, i) => anomaly('enwiki', i * 10))],
])('%s are an event each', (_, all) => {
  const events = groupAnomalies(all);
  expect(events).toHaveLength(all.length);
  expect(events.every(({ kind }) => kind === 'one_wiki')).toBe(true);
});
