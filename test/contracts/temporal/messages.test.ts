/** Names of signals, queries and search attributes: operators type them, and old histories contain them. */
import { expect, test } from 'vitest';
import * as messages from '../../../src/contracts/temporal/messages.ts';
import * as updates from '../../../src/contracts/temporal/updates.ts';
import { searchAttributes } from '../../../src/contracts/temporal/search-attributes.ts';

test('signals and queries are named as they are exported', () => {
  const names = Object.entries(messages).map(([name, { name: sent, type }]) => [name, sent, type]);
  expect(names.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual([
    ['addPart', 'addPart', 'signal'],
    ['flush', 'flush', 'signal'],
    ['partsCommitted', 'partsCommitted', 'signal'],
    ['pause', 'pause', 'signal'],
    ['progress', 'progress', 'query'],
    ['resume', 'resume', 'signal'],
    ['seal', 'seal', 'signal'],
    ['stop', 'stop', 'signal'],
    ['troubled', 'troubled', 'signal'],
  ]);
});

test('updates are named like the signals that they answer', () => {
  const names = Object.values(updates).map(({ name, type }) => `${name} ${type}`);
  expect(names.toSorted()).toEqual(['addPart update', 'flush update', 'pause update', 'resume update']);
});

test('search attributes have fixed names and types', () => {
  expect(searchAttributes.map(({ name, type }) => [name, type])).toEqual([
    ['WikigaugeStage', 'KEYWORD'],
    ['WikigaugeHour', 'KEYWORD'],
    ['WikigaugeEdits', 'INT'],
  ]);
});
