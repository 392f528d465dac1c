import { describe, expect, it } from 'vitest';
import {
  DEFAULTS,
  OptionsError,
  parseSimulateOptions,
  SIMULATE_OPTIONS,
} from '../../../dev/simulator/options.ts';
import { Pace } from '../../../dev/simulator/pace.ts';

describe('options', () => {
  it('have defaults', () => {
    expect(parseSimulateOptions({})).toEqual(DEFAULTS);
    const defaults = Object.fromEntries(SIMULATE_OPTIONS.map(({ key, defaultValue }) => [key, defaultValue]));
    expect(parseSimulateOptions(defaults)).toEqual(DEFAULTS);
  });

  it('are parsed from text', () => {
    const options = parseSimulateOptions({
      host: '0.0.0.0',
      port: '0',
      rate: '2.5',
      seed: '7',
      faults: 'garbage=0.01',
      retention: '12h',
      connectionMax: 'off',
      from: '2026-11-20T10:00:00Z',
      until: '2026-11-20T11:00:00.900Z',
      switch: '2026-11-20T10:30:00Z, 2026-11-20T10:40:00Z',
      partitions: '2',
      holes: '2026-11-20T10:15:00Z=5000, 2026-11-20T10:45:00Z=1',
      stories: '2026-11-20T10:20:00Z',
      outages: '2026-11-20T10:25:00Z=2h, 2026-11-20T15:00:00Z=90s',
      replayRate: '500',
    });
    expect(options).toEqual({
      ...DEFAULTS,
      host: '0.0.0.0',
      port: 0,
      rate: 2.5,
      seed: 7,
      faults: { garbage: 0.01 },
      retentionMs: 43_200_000,
      connectionMaxMs: Infinity,
      fromMs: Date.parse('2026-11-20T10:00:00Z'),
      untilMs: Date.parse('2026-11-20T11:00:00Z'),
      switchesMs: [Date.parse('2026-11-20T10:30:00Z'), Date.parse('2026-11-20T10:40:00Z')],
      partitions: 2,
      holes: [
        { atMs: Date.parse('2026-11-20T10:15:00Z'), size: 5_000 },
        { atMs: Date.parse('2026-11-20T10:45:00Z'), size: 1 },
      ],
      storiesFromMs: Date.parse('2026-11-20T10:20:00Z'),
      outages: [
        { fromMs: Date.parse('2026-11-20T10:25:00Z'), toMs: Date.parse('2026-11-20T12:25:00Z') },
        { fromMs: Date.parse('2026-11-20T15:00:00Z'), toMs: Date.parse('2026-11-20T15:01:30Z') },
      ],
      replayRate: 500,
    });
  });

  it('report all problems at once, each with the value and an example', () => {
    const wrong = {
      port: '70000',
      rate: '0',
      seed: '-1',
      faults: 'cut=soon,fire=1',
      retention: 'long',
      connectionMax: '15',
      replay: ' ',
      from: '1999-01-01',
      until: 'later',
      switch: '2026-11-20T10:30:00Z,,',
      partitions: '0',
      holes: '2026-11-20T10:30:00Z',
      stories: 'soon',
      outages: '2026-11-20T10:30:00Z=long',
      replayRate: 'fast',
      colour: 'red',
    };
    const error = (() => {
      try {
        return parseSimulateOptions(wrong);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(OptionsError);
    const { message, problems } = error as OptionsError;
    expect(problems.length).toBe(17);
    const wrongFlags = SIMULATE_OPTIONS.filter(({ key }) => key in wrong).map(({ flag }) => `--${flag}: `);
    for (const flag of wrongFlags) expect(message).toContain(flag);
    for (const part of [
      'got "70000"',
      'e.g. 5001',
      'cut=soon',
      'Example: --faults cut=20s',
      'colour: unknown option',
    ]) {
      expect(message).toContain(part);
    }
  });

  it('require a time between from and until', () => {
    expect(() =>
      parseSimulateOptions({ from: '2026-11-20T10:00:00Z', until: '2026-11-20T10:00:00Z' }),
    ).toThrow('expected a time after --from');
  });
});

describe('a pace', () => {
  it('keeps to the rate and saves at most one second', () => {
    const pace = new Pace(10, 0);
    let sent = 0;
    for (let ms = 0; ms <= 5000; ms += 7) {
      const now = pace.allowed(ms);
      pace.spend(now);
      sent += now;
    }
    expect(sent).toBeGreaterThanOrEqual(49);
    expect(sent).toBeLessThanOrEqual(51);
    expect(pace.allowed(60_000)).toBe(10);
    pace.spend(10);
    expect(pace.waitMs()).toBeLessThanOrEqual(100);
    expect(new Pace(Infinity, 0).allowed(0)).toBe(Infinity);
    const slow = new Pace(0.1, 0);
    slow.spend(slow.allowed(0));
    expect([slow.allowed(5000), slow.allowed(10_001)]).toEqual([0, 1]);
  });
});
