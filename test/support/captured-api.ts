/** Captured answers of the Action API, anonymised. test/fixtures/SOURCES.md says where they are from. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../fixtures/action-api/', import.meta.url));

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
    continue: { rccontinue: '20260226153831|2819402689', continue: '-||' },
  },
  {
    name: 'recentchanges-lvwiki-2020-04-12-fv2',
    wiki: 'lvwiki',
    serverName: 'lv.wikipedia.org',
    types: { edit: 92, new: 8 },
    span: ['2020-04-08T13:09:11Z', '2020-04-12T14:01:51Z'],
    continue: { rccontinue: '20200408123437|6837681', continue: '-||' },
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
