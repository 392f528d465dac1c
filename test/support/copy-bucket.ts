/** Copies a bucket to files, for readers without S3 support. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mapBounded } from '../../src/core/map-bounded.ts';
import type { World } from './world.ts';

const PARALLEL_READS = 8;

/** Copies every object into `folder`, with its key as path. */
export async function copyBucket({ store }: Pick<World, 'store'>, folder: string): Promise<void> {
  for await (const keys of store.list('')) {
    await mapBounded(keys, PARALLEL_READS, async key => {
      const path = join(folder, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, (await store.get(key))?.body ?? new Uint8Array());
    });
  }
}
