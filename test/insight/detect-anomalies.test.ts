import { beforeEach, describe, expect, test } from 'vitest';
import type { ExplainedRange, Explanation } from '../../src/contracts/explanation.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import type { RecordedAnomaly } from '../../src/contracts/storage/recorded-anomaly.ts';
import { merged } from '../../src/gold/anomalies.ts';
import { AnomalyDetector } from '../../src/insight/detect-anomalies.ts';
import { explanationOf } from '../api/explained.ts';
import { MemoryGold } from '../api/memory-gold.ts';
import { MONDAY, steady } from '../core/usual/hours.ts';

const MINUTE = 60;
/** Wednesday noon. */
const NOON = MONDAY + 60 * 3_600;
const never = new AbortController().signal;

/** Gold of which `read` says up to where it is known. */
class DetectedGold extends MemoryGold {
  recordings: (readonly RecordedAnomaly[])[] = [];
  #all: readonly RecordedAnomaly[] = [];
  asked = 0;

  async recordAnomalies(anomalies: readonly RecordedAnomaly[]): Promise<void> {
    this.recordings.push(anomalies);
    this.#all = merged(this.#all, anomalies);
    this.setAnomalies(...this.#all);
  }

  override async activity(...range: Parameters<MemoryGold['activity']>) {
    this.asked += 1;
    return super.activity(...range);
  }

  get latest(): RecordedAnomaly | undefined {
    return this.recordings.at(-1)?.at(-1);
  }
}

describe('AnomalyDetector', () => {
  let gold: DetectedGold;
  let detector: AnomalyDetector;
  let explained: ExplainedRange[];
  let usualAsked: string[];
  let explain: () => Promise<Explanation>;
  beforeEach(() => {
    gold = new DetectedGold();
    explained = [];
    usualAsked = [];
    explain = async () => explanationOf();
    detector = newDetector();
    knownTo(NOON);
  });

  function newDetector(): AnomalyDetector {
    return new AnomalyDetector({
      gold,
      usual: {
        of: async wiki => {
          usualAsked.push(wiki);
          return { human: steady(60, NOON), bot: steady(60, NOON) };
        },
      },
      explain: async range => {
        explained.push(range);
        return explain();
      },
    });
  }

  function knownTo(second: number): void {
    gold.setReads({ read: [{ fromMs: (MONDAY - 86_400) * 1000, toMs: second * 1000 }], pending: [] });
  }

  /** Edits a minute of a wiki, in [from, to). */
  function put(wiki: string, from: number, to: number, human: number, bot = 1): void {
    for (let minute = from; minute < to; minute += MINUTE) gold.put(wiki, minute, human, bot);
  }

  const detect = (second: number) => detector.detect(second * 1000, never);

  test('asks three questions, and for no past, when nothing has thirty edits in an hour', async () => {
    put('dewiki', NOON - 3_600, NOON, 0, 0);
    put('enwiki', NOON - 20 * MINUTE, NOON, 1, 0);
    expect(await detect(NOON + 30)).toEqual({
      lookedAt: '2026-10-07T12:00:00Z',
      looks: 1,
      begun: 0,
      ended: 0,
      lasting: 0,
    });
    expect([gold.asked, usualAsked, explained, gold.recordings]).toEqual([3, [], [], []]);
  });

  test('asks nothing while the next five minutes are not known', async () => {
    await detect(NOON + 30);
    expect(await detect(NOON + 60)).toMatchObject({ lookedAt: null, looks: 0 });
    knownTo(NOON + 299);
    expect(await detect(NOON + 330)).toMatchObject({ lookedAt: null });
    expect(gold.asked).toBe(3);
  });

  test('records what is unusual once, with the reason for the window that was furthest from its expectation', async () => {
    put('enwiki', NOON - 3_600, NOON - 300, 1);
    put('enwiki', NOON - 300, NOON, 100);
    expect(await detect(NOON + 30)).toMatchObject({ begun: 1, lasting: 1 });
    expect(gold.recordings).toMatchObject([
      [
        {
          wiki: 'enwiki',
          account: 'human',
          from: NOON - 300,
          to: null,
          lookedAt: NOON,
          edits: 500,
          reason: { kind: 'news_burst', sentence: expect.stringContaining('“Moon landing”') },
        },
      ],
    ]);
    expect(explained).toEqual([
      { wiki: 'enwiki', from: NOON - 300, to: NOON, usual: { human: expect.any(Number), bot: Infinity } },
    ]);
    expect(explained[0]?.usual?.human).toBeLessThan(20);
  });

  test('follows it until it ends, also when another process looks on', async () => {
    put('enwiki', NOON - 3_600, NOON - 300, 1);
    put('enwiki', NOON - 300, NOON + 600, 100);
    await detect(NOON + 30);
    const begun = gold.latest;
    detector = newDetector();
    knownTo(NOON + 600);
    expect(await detect(NOON + 630)).toMatchObject({ looks: 2, begun: 0, lasting: 1 });
    expect(gold.latest).toMatchObject({ id: begun?.id, to: null, countedTo: NOON + 600, edits: 1_500 });
    expect(gold.latest?.reason).toEqual(begun?.reason);

    put('enwiki', NOON + 600, NOON + 1_800, 1);
    knownTo(NOON + 1_800);
    expect(await detect(NOON + 1_830)).toMatchObject({ looks: 4, begun: 0, ended: 1, lasting: 0 });
    expect(gold.latest).toMatchObject({ id: begun?.id, to: NOON + 600, edits: 1_500 });
    expect(await gold.anomalies({ from: NOON - 3_600, to: NOON + 3_600 })).toHaveLength(1);
    // At its begin and at its end.
    expect(explained).toHaveLength(2);
  });

  test('tells bots from people', async () => {
    put('enwiki', NOON - 3_600, NOON - 300, 1);
    put('enwiki', NOON - 300, NOON, 1, 100);
    await detect(NOON + 30);
    expect(gold.latest).toMatchObject({ account: 'bot', edits: 500 });
    expect(explained[0]?.usual).toEqual({ human: Infinity, bot: expect.any(Number) });
  });

  test('says nothing of minutes that are not known', async () => {
    put('enwiki', NOON - 300, NOON, 100);
    const [fromMs, toMs] = [(NOON - 240) * 1000, (NOON - 180) * 1000];
    gold.setGaps({
      id: 'a',
      cause: 'offsets',
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
    });
    expect(await detect(NOON + 30)).toMatchObject({ looks: 1, begun: 0 });
    expect(gold.recordings).toEqual([]);
  });

  test('records what was found without a reason while bronze is away, and adds it later', async () => {
    explain = async () => {
      throw new PipelineError('x', { code: 'storage_unavailable', op: 'x', subject: 'x', retryable: true });
    };
    put('enwiki', NOON - 3_600, NOON - 300, 1);
    put('enwiki', NOON - 300, NOON + 300, 100);
    await detect(NOON + 30);
    expect(gold.latest).not.toHaveProperty('reason');
    explain = async () => explanationOf();
    knownTo(NOON + 300);
    await detect(NOON + 330);
    expect(gold.latest).toMatchObject({ to: null, reason: { kind: 'news_burst' } });
  });

  test('explains five at a time, and the others with the next look', async () => {
    const wikis = Array.from({ length: 7 }, (_, i) => `w${i}wiki`);
    for (const wiki of wikis) {
      put(wiki, NOON - 3_600, NOON - 300, 1);
      put(wiki, NOON - 300, NOON + 300, 100);
    }
    await detect(NOON + 30);
    expect([gold.recordings[0]?.length, explained.length]).toEqual([7, 5]);
    knownTo(NOON + 300);
    await detect(NOON + 330);
    expect(explained.length).toBe(7);
    expect(gold.recordings[1]?.filter(({ reason }) => reason === undefined)).toEqual([]);
  });

  test('ends as soon as it is cancelled', async () => {
    put('enwiki', NOON - 300, NOON, 100);
    const cancelled = AbortSignal.abort(new Error('cancelled'));
    await expect(detector.detect((NOON + 30) * 1000, cancelled)).rejects.toThrow('cancelled');
    expect(gold.recordings).toEqual([]);
  });

  test('looks again at what an attempt that failed has not recorded', async () => {
    put('enwiki', NOON - 3_600, NOON - 300, 1);
    put('enwiki', NOON - 300, NOON, 100);
    const record = gold.recordAnomalies.bind(gold);
    gold.recordAnomalies = async () => {
      throw new Error('gold is away');
    };
    await expect(detect(NOON + 30)).rejects.toThrow('gold is away');
    gold.recordAnomalies = record;
    expect(await detect(NOON + 40)).toMatchObject({ begun: 1 });
  });
});
