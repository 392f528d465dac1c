/** A dead letter is judged by its bytes and today's rules. */
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/dead-letters/judge.ts';
import { EDITS } from '../support/intake-rig.ts';
import { letterOf } from '../support/letters.ts';
import { editLine } from '../support/parts.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const now = (seconds: number): number => NOW / 1000 + seconds;

describe('judging a letter again', () => {
  test('a letter that the reader accepts now is usable, whatever reason it was stored with', () => {
    const raw = editLine({ timestamp: now(0) });
    const { meta } = JSON.parse(raw) as { meta: { id: string } };
    expect(judge(letterOf(raw), EDITS, NOW)).toEqual({
      kind: 'usable',
      hour: '2026-11-20T10',
      event: { line: Buffer.from(raw), id: meta.id, timestamp: now(0), sentAtMs: NOW, isEdit: true },
    });
  });

  test('an event from the future becomes usable once it is at most a day ahead', () => {
    const letter = letterOf(editLine({ timestamp: now(86_401) }), { reason: 'bad_timestamp' });
    expect(judge(letter, EDITS, NOW)).toEqual({ kind: 'left', why: 'bad_timestamp' });
    expect(judge(letter, EDITS, NOW + 1_000)).toMatchObject({ kind: 'usable', hour: '2026-11-21T10' });
  });

  test('newlines within the data become spaces, as at the intake', () => {
    const raw = editLine({ timestamp: now(0) });
    const verdict = judge(letterOf(`{\n${raw.slice(1)}`), EDITS, NOW);
    expect(verdict).toMatchObject({ event: { line: Buffer.from(`{ ${raw.slice(1)}`) } });
  });

  test('invalid UTF-8 is judged by its own bytes, not by their replacement characters', () => {
    const raw = editLine({ timestamp: now(0) }).replace('"x.org"', '"x\ufffd.org"');
    const bytes = Buffer.from(editLine({ timestamp: now(0) }).replace('"x.org"', '"x\xff.org"'), 'latin1');
    const letter = letterOf(raw, { reason: 'invalid_utf8', rawBase64: bytes.toString('base64') });
    expect(judge(letter, EDITS, NOW)).toEqual({ kind: 'left', why: 'invalid_utf8' });
  });

  test.each([
    ['a canary', '{"meta":{"domain":"canary"}}', 'canary'],
    ['invalid JSON', '{"meta"', 'not_json'],
    ['a wiki that is not kept', editLine({ timestamp: now(0), wiki: 'dewiki' }), 'filtered'],
  ])('%s is not replayed', (_, raw, why) => {
    const rules = { ...EDITS, wikis: new Set(['enwiki']) };
    expect(judge(letterOf(raw), rules, NOW)).toEqual({ kind: 'left', why });
  });
});
