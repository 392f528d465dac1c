/**
 * Real captured answers of the Action API, stored beside the repository (../shared/data/mediawiki-api, described by
 * its SOURCES.md). Where that folder is missing, the tests on them are skipped, and one line says so.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BESIDE = '../shared/data/mediawiki-api/';
const FOLDER = fileURLToPath(new URL(`../../${BESIDE}`, import.meta.url));

/** False if the folder is missing: `describe.skipIf(!capturedAnswersAreThere)`. */
export const capturedAnswersAreThere = existsSync(FOLDER);
if (!capturedAnswersAreThere)
  console.warn(`Tests on captured answers of the Action API are skipped: no ${BESIDE} beside the repository`);

/** The fields of a row that tests use. */
export interface CapturedRow {
  readonly type: string;
  readonly revid: number;
  readonly old_revid: number;
  readonly rcid: number;
  readonly oldlen: number;
  readonly newlen: number;
  readonly timestamp: string;
  readonly title: string;
  readonly user: string;
}

interface CapturedAnswer {
  readonly continue: Readonly<Record<string, string>>;
  readonly query: { readonly recentchanges: readonly CapturedRow[] };
}

/** Facts about an answer, from SOURCES.md and the files. */
export const CAPTURED_ANSWERS = [
  {
    name: 'recentchanges-enwiki-2026-02-26-fv1',
    wiki: 'enwiki',
    serverName: 'en.wikipedia.org',
    types: { edit: 27, categorize: 19, new: 2, log: 2 },
    span: ['2026-02-26T15:38:32Z', '2026-02-26T15:38:41Z'],
    continue: { rccontinue: '20260226153831|2000101134', continue: '-||' },
  },
  {
    name: 'recentchanges-lvwiki-2020-04-12-fv2',
    wiki: 'lvwiki',
    serverName: 'lv.wikipedia.org',
    types: { edit: 92, new: 8 },
    span: ['2020-04-08T13:09:11Z', '2020-04-12T14:01:51Z'],
    continue: { rccontinue: '20200408123437|9223787', continue: '-||' },
  },
] as const;

/** The text of a captured answer. */
export function capturedAnswerText(name: string): string {
  return readFileSync(`${FOLDER}${name}.json`, 'utf8');
}

/** A captured answer, parsed. */
export function capturedAnswer(name: string): CapturedAnswer {
  return JSON.parse(capturedAnswerText(name)) as CapturedAnswer;
}
