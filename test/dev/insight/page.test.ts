/** Figures get into the page by the command, and only between their comments. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withMeasured } from '../../../dev/insight/page.ts';

const PAGE = readFileSync('docs/anomalies.md', 'utf8');

test('measured text replaces what was measured before, and nothing else', () => {
  const once = withMeasured(PAGE, 'one');
  const again = withMeasured(once, 'two');
  expect(again).toBe(once.replace('\n\none\n\n', '\n\ntwo\n\n'));
  expect(once.startsWith(PAGE.slice(0, PAGE.indexOf('<!-- measured')))).toBe(true);
});

test('a page without the comments is refused', () => {
  expect(() => withMeasured('# Anomalies\n', 'one')).toThrow('no place for measured text');
});
