/** Stories of a demo begin once. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storiesFrom } from '../../../dev/commands/stories-from.ts';

const SINCE = '2026-11-20T07:00:00.000Z';
const NOW = '2026-11-20T10:00:00.000Z';
const LATER = '2026-11-21T10:00:00.000Z';
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wikigauge-demo-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a new demo has stories from where it begins to read, and keeps them when it starts again', async () => {
  const home = join(folder, 'demo');
  expect(await storiesFrom(home, SINCE, NOW)).toBe(SINCE);
  expect(await storiesFrom(home, LATER, LATER)).toBe(SINCE);
});

test('a demo that has read a universe without stories has them from now on', async () => {
  const home = join(folder, 'demo');
  await mkdir(home);
  expect(await storiesFrom(home, SINCE, NOW)).toBe(NOW);
  expect(await storiesFrom(home, LATER, LATER)).toBe(NOW);
});

test('what is not a time counts as nothing', async () => {
  const home = join(folder, 'demo');
  await mkdir(home);
  await writeFile(join(home, 'stories-from'), 'soon');
  expect(await storiesFrom(home, SINCE, NOW)).toBe(NOW);
});
