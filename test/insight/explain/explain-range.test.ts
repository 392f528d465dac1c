import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { Random } from '../../../dev/simulator/random.ts';
import type { ExplainedRange } from '../../../src/contracts/explanation.ts';
import { explanationText } from '../../../src/contracts/explanation-text.ts';
import { backfillPartKey } from '../../../src/contracts/storage/object-keys.ts';
import { explainRange } from '../../../src/insight/explain/explain-range.ts';
import { readDetails } from '../../../src/recentchange/details.ts';
import { TRAPS, hostileLine } from '../../support/hostile-events.ts';
import { MemoryObjectStore } from '../../support/memory-object-store.ts';
import { STREAM } from '../../support/stream.ts';
import { HOUR, START, botRun, editWar, event, newsBurst, spamWave, usualEdits } from './stories.ts';
import type { Fields } from './stories.ts';

const STORY: ExplainedRange = { wiki: 'enwiki', from: START + 1_800, to: START + 2_400 };
const never = new AbortController().signal;

describe('explainRange', () => {
  let store: MemoryObjectStore;
  let random: Random;
  beforeEach(() => {
    store = new MemoryObjectStore();
    random = new Random(7);
  });

  let part = 0;
  async function put(
    lines: readonly (string | Buffer)[],
    { simulated = false, hour = HOUR } = {},
  ): Promise<string> {
    part += 1;
    const key = backfillPartKey(hour, { source: 'stream', window: `${1_000 + part}-6000` });
    const body = gzipSync(Buffer.concat(lines.flatMap(line => [Buffer.from(line), Buffer.from('\n')])));
    const metadata = { source: 'https://stream.example/', simulated: String(simulated) };
    await store.putIfAbsent(key, body, { contentType: 'application/gzip', metadata });
    return key;
  }
  const putEvents = (events: readonly Fields[], options = {}) =>
    put(
      events.map(each => JSON.stringify(each)),
      options,
    );
  const explain = (range: Partial<ExplainedRange> = {}, signal = never, maxBytes?: number) =>
    explainRange(
      { ...STORY, ...range },
      { store, definition: STREAM, readDetails, ...(maxBytes !== undefined && { maxBytes }) },
      signal,
    );

  test.each([
    ['bot_run', botRun, /^Bots made \d+ % of the \d+ changes, most of them by one bot\.$/],
    [
      'edit_war',
      editWar,
      /^2 accounts made 50 changes to “Fought over”, 4\d of them back to an earlier size/,
    ],
    [
      'news_burst',
      newsBurst,
      /^Up to \d+ accounts changed the same page, most of all “Event \d”: probably news\.$/,
    ],
    [
      'spam_wave',
      spamWave,
      /^\d+ new or unregistered accounts made \d+ % .* with 20 new pages: probably a wave/,
    ],
  ] as const)('names a %s in the middle of the usual edits', async (kind, story, sentence) => {
    await putEvents([...usualEdits(random, 600), ...story()]);
    const usual = { human: 80, bot: 20 };
    for (const range of [{ usual }, {}]) {
      const explanation = await explain(range);
      expect(explanation).toMatchObject({ cause: { kind }, parts: 1, unreadParts: 0 });
      expect(explanationText(explanation)).toMatch(sentence);
    }
  });

  test('says that usual edits have many small causes, and that a quiet minute has none', async () => {
    await putEvents(usualEdits(random, 3_000));
    const whole = await explain({ from: START, to: START + 3_600 });
    expect(whole.cause.kind).toBe('many_small_causes');
    expect(whole.facts).toMatchObject({
      edits: 3_000,
      types: [{ name: 'edit', count: 3_000 }],
      busierWikis: [],
    });
    const quiet = await explain({ wiki: 'dewiki' });
    expect(quiet).toMatchObject({ cause: { kind: 'no_edits' }, parts: 1 });
  });

  test('does not take hours that bronze has lost for hours without edits', async () => {
    const explanation = await explain();
    expect(explanation).toMatchObject({ cause: { kind: 'no_parts' }, parts: 0 });
    expect(explanationText(explanation)).toMatch(/^Bronze has no events of this time/);
  });

  test('names other wikis that were busier at the same time', async () => {
    await putEvents([
      ...usualEdits(random, 600),
      ...usualEdits(random, 60, 'dewiki'),
      ...usualEdits(random, 600, 'frwiki'),
      ...['enwiki', 'dewiki', 'eswiki'].flatMap(newsBurst),
    ]);
    const { facts, cause } = await explain();
    expect(facts.busierWikis.map(({ wiki }) => wiki)).toEqual(['dewiki', 'eswiki']);
    expect(cause).toMatchObject({ kind: 'news_burst', wikis: 2 });
  });

  test('explains all wikis together', async () => {
    await putEvents([...usualEdits(random, 300, 'dewiki'), ...editWar()]);
    const { cause, facts } = await explain({ wiki: 'all' });
    expect(cause).toMatchObject({ kind: 'edit_war', page: { wiki: 'enwiki', accounts: 2 } });
    expect(facts.busiest?.changes).toBe(25);
  });

  test('counts a revision once, whichever parts have it', async () => {
    const edits = editWar();
    await putEvents(edits);
    await putEvents(edits);
    expect((await explain()).facts).toMatchObject({ edits: 50, changes: 50 });
  });

  test('reads both hours that a range touches', async () => {
    await putEvents([event({ second: 3_599 })]);
    await putEvents([event({ second: 3_600 })], { hour: '2026-11-20T11' });
    expect(await explain({ from: START + 3_540, to: START + 3_660 })).toMatchObject({
      facts: { edits: 2 },
      parts: 2,
    });
  });

  test('has names of accounts in addresses of their wiki only, and no comment anywhere', async () => {
    await putEvents([
      ...Array.from({ length: 30 }, () => event({ second: 1_900, user: 'Ada & Bob?', comment: 'Secret' })),
      event({ second: 1_900, user: 'Hidden', userhidden: true }),
      event({ second: 1_900, type: 'log', log_type: 'suppress', title: 'Secret page', user: 'Overseer' }),
    ]);
    const explanation = await explain();
    expect(explanation.facts.busiest?.url).toBe(
      'https://en.wikipedia.org/wiki/Special:Contributions/Ada_%26_Bob%3F',
    );
    const said = JSON.stringify(explanation) + explanationText(explanation);
    expect(said).not.toMatch(/Ada & Bob|Hidden|Secret|Overseer|suppress/i);
    expect(explanation.facts).toMatchObject({ edits: 31, accounts: 1 });
  });

  test('does not name a page that was just created: its title may be why it is deleted', async () => {
    const insult = (i: number): Fields =>
      event({
        second: 1_900 + i,
        title: 'Ada is a fool',
        user: `Reader ${i}`,
        type: i === 0 ? 'new' : 'edit',
      });
    await putEvents(Array.from({ length: 30 }, (_, i) => insult(i)));
    const explanation = await explain();
    expect(explanation.cause.kind).toBe('news_burst');
    expect(explanationText(explanation)).not.toContain('Ada');
  });

  test('says that edits are simulated', async () => {
    await putEvents([event({ second: 1_900 })], { simulated: true });
    const explanation = await explain();
    expect(explanation.isSimulated).toBe(true);
    expect(explanationText(explanation)).toMatch(/ These are simulated edits\.$/);
  });

  test('survives hostile lines, and counts them as the judge does', async () => {
    const lines = [
      ...TRAPS.map(({ line }) => line),
      ...Array.from({ length: 2_000 }, (_, i) => hostileLine(i)),
    ];
    await put(lines, { hour: '2025-11-20T10' });
    const from = Date.parse('2025-11-20T10:00:00Z') / 1000;
    const { facts, unreadParts } = await explain({ wiki: 'enwiki', from, to: from + 3_600 });
    const revisions = new Set(
      lines.flatMap(line => {
        const judged = STREAM.judge(line.toString('utf8'), { nowMs: Infinity });
        const isInside =
          judged.kind === 'event' && judged.timestamp >= from && judged.timestamp < from + 3_600;
        return isInside && judged.wiki === 'enwiki' && judged.edit !== undefined
          ? [judged.edit.revision]
          : [];
      }),
    );
    expect(revisions.size).toBeGreaterThan(50);
    expect([facts.edits, unreadParts]).toEqual([revisions.size, 0]);
  });

  test('leaves out a damaged part, and says so', async () => {
    await putEvents(editWar());
    const damaged = await putEvents(botRun());
    await store.remove(damaged);
    await store.putIfAbsent(damaged, Buffer.from('not gzip'), { contentType: 'x' });
    expect(await explain()).toMatchObject({ cause: { kind: 'edit_war' }, parts: 2, unreadParts: 1 });
  });

  test('reads no more bytes than it may, and says so', async () => {
    for (let i = 0; i < 4; i += 1) await putEvents(usualEdits(random, 500));
    const { facts, parts, unreadParts } = await explain({}, never, 300_000);
    expect([parts, unreadParts]).toEqual([4, 3]);
    expect(facts.edits).toBeLessThan(500);
  });

  test('stops at once when nobody waits any more', async () => {
    await putEvents(usualEdits(random, 500));
    await putEvents(usualEdits(random, 500));
    const nobody = new AbortController();
    store.before = operation => {
      if (operation === 'get') nobody.abort(new Error('gone'));
    };
    await expect(explain({}, nobody.signal)).rejects.toThrow('gone');
    expect(store.calls.get).toBe(1);
  });
});
