import { expect, test } from 'vitest';
import type { CountedEvent } from '../../src/core/line-reader.ts';
import { MinuteRows } from '../../src/recentchange/minute-rows.ts';

function edit(bytesChange: number): CountedEvent {
  const timestamp = 1_763_636_400;
  return {
    timestamp,
    sentAtMs: timestamp * 1000,
    origin: undefined,
    wiki: 'enwiki',
    edit: { isBot: false, bytesChange, revision: 1 },
  };
}

test('rows that were handed out stay as they were', () => {
  const fold = new MinuteRows();
  fold.add(edit(10));
  const before = fold.rows();
  fold.add(edit(5));
  expect(before).toMatchObject([{ edits: 1, bytesChange: 10 }]);
  expect(fold.rows()).toMatchObject([{ edits: 2, bytesChange: 15 }]);
});
