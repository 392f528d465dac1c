/** When the stories of a demo begin. It is kept in the demo's folder: what has been read must not change when it starts again. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isInstant } from '../../src/core/time.ts';

const FILE = 'stories-from';

/**
 * @param home the folder of the demo
 * @param since where a new demo begins to read
 * @param now where stories begin in a demo that has already read something
 * @returns ISO times
 */
export async function storiesFrom(home: string, since: string, now: string): Promise<string> {
  const path = join(home, FILE);
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (isInstant(kept.trim())) return kept.trim();
  const isNew = await stat(home).then(
    () => false,
    () => true,
  );
  const from = isNew ? since : now;
  await mkdir(home, { recursive: true });
  await writeFile(path, `${from}\n`);
  return from;
}
