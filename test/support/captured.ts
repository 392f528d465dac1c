/** Captured events, anonymised. test/fixtures/SOURCES.md says where they are from. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../fixtures/recentchange/', import.meta.url));

/** Facts about a file of events, from SOURCES.md. */
interface CapturedFile {
  readonly name: string;
  readonly rows: number;
  readonly distinctIds: number;
  readonly wikis: number;
  readonly edits: number;
  readonly pageCreations: number;
  /** First and last `meta.dt`. */
  readonly sent: readonly [from: string, to: string];
}

/** One row of the table in SOURCES.md, as tuple: it reads like the table. */
function file(
  name: string,
  [rows, distinctIds, wikis]: readonly [number, number, number],
  [edits, pageCreations]: readonly [number, number],
  sent: readonly [string, string],
): CapturedFile {
  return { name: `${name}.ndjson`, rows, distinctIds, wikis, edits, pageCreations, sent };
}

export const CAPTURED_FILES: readonly CapturedFile[] = [
  file(
    'eqiad-2024-08-22T0402Z',
    [2387, 2387, 53],
    [1227, 108],
    ['2024-08-22T04:02:22Z', '2024-08-22T04:04:30Z'],
  ),
  file(
    'eqiad-2024-08-22T2035Z-resumed-with-duplicates',
    [244, 202, 24],
    [168, 9],
    ['2024-08-22T20:35:26Z', '2024-08-22T20:35:46Z'],
  ),
  file(
    '2025-12-15-ms-dt',
    [344, 344, 37],
    [176, 3],
    ['2025-12-15T12:02:50.873Z', '2025-12-15T12:14:31.510Z'],
  ),
  file('eqiad-2025-05-03', [144, 144, 22], [66, 3], ['2025-05-03T07:46:08Z', '2025-05-03T07:47:48Z']),
  file('2019-06-02-schema2', [133, 133, 15], [57, 3], ['2019-06-02T08:40:18Z', '2019-06-02T08:40:29Z']),
  file('enwiki-edits-2023-07-29', [100, 100, 1], [100, 0], ['2023-07-29T07:51:39Z', '2023-07-29T07:53:59Z']),
  file('sse-eqiad-2021-09-30', [62, 62, 14], [30, 2], ['2021-09-30T22:41:21Z', '2021-09-30T22:42:04Z']),
  file('sse-eqiad-2022-12-11', [3, 3, 3], [3, 0], ['2022-12-11T04:27:02Z', '2022-12-11T04:27:02Z']),
  file('documentation-samples', [7, 7, 4], [4, 0], ['2019-03-04T13:30:32Z', '2026-02-14T11:50:32.316Z']),
];

/** Raw SSE captures: their events, and how many of them end with a blank line. */
export const CAPTURED_STREAMS = [
  { name: 'sse-eqiad-2021-09-30.sse', events: 62, ended: 62 },
  { name: 'sse-eqiad-2022-12-11.sse', events: 3, ended: 2 },
] as const;

/** Path of a captured file, for a server that replays it. */
export function capturedPath(name: string): string {
  return `${FOLDER}${name}`;
}

/** The bytes of a captured file. */
export function readCapturedFile(name: string): Buffer {
  return readFileSync(capturedPath(name));
}

/** Non-empty lines of a captured file. */
export function capturedLines(name: string): string[] {
  return readCapturedFile(name)
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '');
}
