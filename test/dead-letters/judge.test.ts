/** A dead letter is judged by its bytes, by the rules of now. */
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/dead-letters/judge.ts';
import { EDITS } from '../support/intake-rig.ts';
import { letterOf } from '../support/letters.ts';
import { editLine } from '../support/parts.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const now = (seconds: number): number => NOW / 1000 + seconds;

describe('judging a letter again', () => {
  test('what the reader takes now is usable, whatever it was buried for', () => {
    const raw = editLine({ timestamp: now(0) });
    const { meta } = JSON.parse(raw) as { meta: { id: string } };
    expect(judge(letterOf(raw), EDITS, NOW)).toEqual({
      kind: 'usable',
      hour: '2026-11-20T10',
      event: { line: Buffer.from(raw), id: meta.id, timestamp: now(0), sentAtMs: NOW, isEdit: true },
    });
  });

  test('an event of more than a day ahead becomes usable when its day has come', () => {
    const letter = letterOf(editLine({ timestamp: now(86_401) }), { reason: 'bad_timestamp' });
    expect(judge(letter, EDITS, NOW)).toEqual({ kind: 'left', why: 'bad_timestamp' });
    expect(judge(letter, EDITS, NOW + 1_000)).toMatchObject({ kind: 'usable', hour: '2026-11-21T10' });
  });

  test('line ends within the data become spaces, as at the intake', () => {
    const raw = editLine({ timestamp: now(0) });
    const verdict = judge(letterOf(`{\n${raw.slice(1)}`), EDITS, NOW);
    expect(verdict).toMatchObject({ event: { line: Buffer.from(`{ ${raw.slice(1)}`) } });
  });

  test('bytes that are no UTF-8 are judged as they are, not as their replacement', () => {
    const raw = editLine({ timestamp: now(0) }).replace('"x.org"', '"x\ufffd.org"');
    const bytes = Buffer.from(editLine({ timestamp: now(0) }).replace('"x.org"', '"x\xff.org"'), 'latin1');
    const letter = letterOf(raw, { reason: 'invalid_utf8', rawBase64: bytes.toString('base64') });
    expect(judge(letter, EDITS, NOW)).toEqual({ kind: 'left', why: 'invalid_utf8' });
  });

  test.each([
    ['a canary', '{"meta":{"domain":"canary"}}', 'canary'],
    ['no JSON', '{"meta"', 'not_json'],
    ['a wiki that is not kept', editLine({ timestamp: now(0), wiki: 'dewiki' }), 'filtered'],
  ])('%s is left', (_, raw, why) => {
    const rules = { ...EDITS, wikis: new Set(['enwiki']) };
    expect(judge(letterOf(raw), rules, NOW)).toEqual({ kind: 'left', why });
  });
});
