/**
 * Writes src/core/site-matrix.ts: which wikis there are, with their names. `npm run wikis:refresh` asks meta.wikimedia.org.
 * With `--from FILE --date 2026-03-19 --via "who saved it"` it reads an answer of the API that was saved on that day.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { siteMatrixModule } from './wikis/site-matrix-module.mjs';

const TARGET = fileURLToPath(new URL('../src/core/site-matrix.ts', import.meta.url));
// `uselang=en`: each language with its English name besides its own.
const QUESTION =
  'https://meta.wikimedia.org/w/api.php?action=sitematrix&uselang=en&smlimit=max&format=json&formatversion=2';
const USER_AGENT = 'wikigauge/0.1 (https://github.com/wikigauge/wikigauge)';
const DEADLINE_MS = 60_000;

const { values } = parseArgs({
  options: { from: { type: 'string' }, date: { type: 'string' }, via: { type: 'string' } },
});
const today = new Date().toISOString().slice(0, 10);
const text = values.from === undefined ? await ask() : await readFile(values.from, 'utf8');
const { source, count } = siteMatrixModule(JSON.parse(text), { date: values.date ?? today, via: values.via });
await writeFile(TARGET, source);
console.log(`${count} wikis in ${TARGET}`);

async function ask() {
  const headers = { 'user-agent': process.env['USER_AGENT'] ?? USER_AGENT };
  const response = await fetch(QUESTION, { headers, signal: AbortSignal.timeout(DEADLINE_MS) });
  if (!response.ok) throw new Error(`${QUESTION} answered ${response.status} ${response.statusText}`);
  return response.text();
}
