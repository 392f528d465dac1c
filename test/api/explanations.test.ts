/** Explanations are read once for all who wait, kept while gold stays as it is, and not read on for nobody. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ClientLeft, ExpensiveQuestions } from '../../src/api/expensive-questions.ts';
import { Explanations } from '../../src/api/explanations.ts';
import { HttpProblem } from '../../src/api/http-problem.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import type { Explanation } from '../../src/contracts/explanation.ts';
import { untilTrue } from '../support/until.ts';
import { explanationOf } from './explained.ts';

const RANGE = { wiki: 'enwiki', from: 1_763_632_800, to: 1_763_633_700 };

interface Reading {
  readonly stopSignal: AbortSignal;
  readonly answer: (explanation: Explanation) => void;
  readonly fail: (error: Error) => void;
}

describe('Explanations', () => {
  let readings: Reading[];
  let versions: string[];
  let explanations: Explanations;
  beforeEach(() => {
    readings = [];
    versions = ['1'];
    explanations = new Explanations({
      explain: (_, stopSignal) =>
        new Promise((answer, fail) => {
          readings.push({ stopSignal, answer, fail });
          stopSignal.addEventListener('abort', () => fail(new Error('aborted')));
        }),
      gold: { versions: async () => versions },
      questions: new ExpensiveQuestions(),
    });
  });

  const client = (): AbortController => new AbortController();
  const ask = (left: AbortSignal = client().signal, range = RANGE) => explanations.of(range, left);
  const untilRead = (count: number) => untilTrue(() => readings.length === count);

  test('are read once while several wait, and kept', async () => {
    const asked = [ask(), ask(), ask()];
    await untilRead(1);
    const found = explanationOf();
    readings[0]?.answer(found);
    expect(await Promise.all(asked)).toEqual([found, found, found]);
    expect(await ask()).toBe(found);
    expect(readings).toHaveLength(1);
  });

  test('are read again once gold of the hour has changed', async () => {
    const first = ask();
    await untilRead(1);
    readings[0]?.answer(explanationOf());
    await first;
    versions = ['2'];
    const second = ask();
    await untilRead(2);
    readings[1]?.answer(explanationOf());
    expect(await second).toEqual(explanationOf());
  });

  test('are not kept when a part could not be read', async () => {
    const first = ask();
    await untilRead(1);
    readings[0]?.answer({ ...explanationOf(), unreadParts: 1 });
    await first;
    const second = ask();
    await untilRead(2);
    readings[1]?.answer(explanationOf());
    expect(await second).toEqual(explanationOf());
  });

  test('go on for those who stay, and end with the last one who leaves', async () => {
    const [one, other] = [client(), client()];
    const asked = [ask(one.signal), ask(other.signal)];
    await untilRead(1);
    one.abort();
    await expect(asked[0]).rejects.toThrow(ClientLeft);
    expect(readings[0]?.stopSignal.aborted).toBe(false);
    other.abort();
    await expect(asked[1]).rejects.toThrow(ClientLeft);
    expect(readings[0]?.stopSignal.aborted).toBe(true);
    const again = ask();
    await untilRead(2);
    readings[1]?.answer(explanationOf());
    expect(await again).toEqual(explanationOf());
  });

  test('are read two at a time', async () => {
    const asked = [0, 60, 120].map(later => ask(undefined, { ...RANGE, from: RANGE.from + later }));
    await untilRead(2);
    readings[0]?.answer(explanationOf());
    await untilRead(3);
    for (const { answer } of readings) answer(explanationOf());
    expect(await Promise.all(asked)).toHaveLength(3);
  });

  test('say what is missing when bronze cannot be read, and are tried again', async () => {
    const first = ask();
    await untilRead(1);
    readings[0]?.fail(
      new PipelineError('secret', { code: 'storage_denied', op: 'x', subject: 'secret', retryable: false }),
    );
    const refused: unknown = await first.catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HttpProblem);
    expect(refused).toMatchObject({
      statusCode: 503,
      message: expect.stringMatching(/storage_denied.*may read the bucket/),
    });
    expect(String(refused)).not.toContain('secret');
    const second = ask();
    await untilRead(2);
    readings[1]?.answer(explanationOf());
    expect(await second).toEqual(explanationOf());
  });
});
