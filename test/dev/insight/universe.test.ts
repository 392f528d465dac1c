/**
 * Planted stories are found, and nothing else is: a fortnight of 40 wikis. `npm run insight` does the same with a
 * quarter of 300.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { judge } from '../../../dev/insight/judge.ts';
import type { Verdict } from '../../../dev/insight/judge.ts';
import { ANSWERS } from '../../../dev/insight/stories.ts';
import { observe } from '../../../dev/insight/universe.ts';

describe('in a fortnight of 40 wikis', () => {
  let verdict: Verdict;
  beforeAll(() => {
    verdict = judge(observe({ seed: 3, wikis: 40, weeks: 2 }));
  }, 240_000);

  test('nearly every story is found, and each producer outage', () => {
    const toFind = verdict.stories.filter(({ kind }) => ANSWERS[kind] !== 'nothing');
    expect(toFind.map(({ kind }) => kind)).toEqual([
      'bot run',
      'edit war',
      'news burst',
      'spam wave',
      'producer outage',
    ]);
    expect(verdict.missed.map(({ kind }) => kind)).not.toContain('producer outage');
    expect(verdict.missed.length).toBeLessThanOrEqual(1);
  });

  test('spam, news and outages are noticed within the hour or so', () => {
    const slowest = (kind: string) => verdict.stories.find(story => story.kind === kind)?.minutes.at(-1);
    expect(slowest('spam wave')).toBeLessThanOrEqual(60);
    expect(slowest('news burst')).toBeLessThanOrEqual(60);
    expect(slowest('producer outage')).toBeLessThanOrEqual(95);
  });

  test('quiet nights, holidays and slow growth are no anomaly, and at most one mark is false', () => {
    expect(verdict.falseEvents.length).toBeLessThanOrEqual(1);
  });

  test('no hour is called quiet but those of the outages', () => {
    expect(verdict.falseQuiet).toEqual([]);
  });
});
