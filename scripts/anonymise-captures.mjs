/**
 * Makes fixtures of captures: `node scripts/anonymise-captures.mjs --seed TEXT --out FOLDER FILE…`.
 * Names, titles, comments, addresses and ids are replaced by invented ones of the same shape; test/fixtures/SOURCES.md
 * says what stays. The same seed and files give the same fixtures. Give all files at once: what they have in common
 * stays in common. Keep the seed to yourself: with it, a name can be tried until its replacement matches.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { anonymise } from './anonymise/anonymise.mjs';

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string' }, out: { type: 'string' } },
  allowPositionals: true,
});
const { seed, out } = values;
if (!seed || !out || positionals.length === 0) {
  throw new Error('Usage: node scripts/anonymise-captures.mjs --seed TEXT --out FOLDER FILE…');
}

const captures = await Promise.all(
  positionals.map(async path => ({ name: basename(path), text: await readFile(path, 'utf8') })),
);
await mkdir(out, { recursive: true });
for (const { name, text } of anonymise(captures, seed)) {
  await writeFile(join(out, name), text);
  console.log(join(out, name));
}
