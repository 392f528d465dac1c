/** The large schedules on the real S3 gateway, which shows that the map behaves like S3. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { play, scripts } from './scripts.ts';
import { search } from './search.ts';

vi.mock('node:zlib', async original => (await import('./at-once.ts')).packing(await original()));
vi.mock('node:timers/promises', async () => (await import('./at-once.ts')).pauses);

const SEARCH = search(50);

describe('on S3', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  test('stores each event once, and the log stays valid', { timeout: 600_000 }, async () => {
    let run = 0;
    let records = 0;
    const property = fc.asyncProperty(scripts({ most: 8, stretches: 12 }), async script => {
      run += 1;
      records += (await play(script, below(world.store, `run${run}/`))).records;
    });
    await fc.assert(property, SEARCH);
    expect(records).toBeGreaterThan(SEARCH.numRuns);
  });
});

/** A store of its own for each run, in one bucket. */
function below(store: ObjectStore, root: string): ObjectStore {
  return {
    putIfAbsent: (key, body, options) => store.putIfAbsent(`${root}${key}`, body, options),
    get: key => store.get(`${root}${key}`),
    async *list(prefix, after) {
      const behind = after === undefined ? undefined : `${root}${after}`;
      for await (const page of store.list(`${root}${prefix}`, behind))
        yield page.map(key => key.slice(root.length));
    },
    folders: prefix => store.folders(`${root}${prefix}`),
    remove: key => store.remove(`${root}${key}`),
  };
}
