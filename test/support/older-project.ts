/**
 * What the older project leaves behind, written as it writes it: parts of edits only, named after their first event with
 * the hex digits of a uuid, which reach over their hour; rows per minute; and a ledger of keys.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import { hourOf, isoSeconds } from '../../src/core/time.ts';
import type { Row } from './exactness.ts';
import type { World } from './world.ts';

interface EditEvent {
  readonly type: string;
  readonly wiki: string;
  readonly bot: boolean;
  readonly timestamp: number;
  readonly length?: { readonly old?: number; readonly new?: number };
  readonly revision?: { readonly new?: number };
}

export interface OldPart {
  readonly key: string;
  readonly lines: readonly string[];
}

/** Cuts lines, in the order in which they arrived, into parts. @param sizes lines of each part in turn */
export function oldParts(lines: readonly string[], sizes: readonly number[]): OldPart[] {
  const edits = lines.filter(line => (JSON.parse(line) as EditEvent).type === 'edit');
  const parts: OldPart[] = [];
  for (let at = 0; at < edits.length;) {
    const ofPart = edits.slice(at, at + (sizes[parts.length % sizes.length] ?? 1));
    at += ofPart.length;
    const first = JSON.parse(ofPart[0] ?? '{}') as EditEvent;
    // Every digit leads a name, 0 among them.
    const digit = (parts.length % 16).toString(16);
    const rest = createHash('sha256').update(`${parts.length}`).digest('hex').slice(0, 31);
    parts.push({
      key: `${hourPrefix(hourOf(first.timestamp))}part-${digit}${rest}.ndjson.gz`,
      lines: ofPart,
    });
  }
  return parts;
}

export async function putOldParts({ store }: Pick<World, 'store'>, parts: readonly OldPart[]): Promise<void> {
  for (const { key, lines } of parts)
    await store.putIfAbsent(key, gzipSync(lines.map(line => `${line}\n`).join('')), {
      contentType: 'application/gzip',
    });
}

/** Rows of these lines as text, as `goldRows` returns them. With `distinct`, each revision counts once. */
export function rowsOf(lines: readonly string[], distinct = false): Row[] {
  const seen = new Set<string>();
  const sums = new Map<string, [edits: number, bytes: number]>();
  for (const line of lines) {
    const { type, wiki, bot, timestamp, length, revision } = JSON.parse(line) as EditEvent;
    const name = `${wiki} ${revision?.new}`;
    if (type !== 'edit' || (distinct && seen.has(name))) continue;
    seen.add(name);
    const row = `${isoSeconds(Math.floor(timestamp / 60) * 60)} ${wiki} ${bot}`;
    const [edits, bytes] = sums.get(row) ?? [0, 0];
    sums.set(row, [edits + 1, bytes + (length?.new ?? 0) - (length?.old ?? 0)]);
  }
  return [...sums].map(([row, [edits, bytes]]) => `${row} ${edits} ${bytes}`).sort();
}

/** Its tables, and in them what it has counted. */
export async function fillOldDatabase(
  { sql }: Pick<World, 'sql'>,
  rows: readonly Row[],
  keys: readonly string[],
  processedAgo = '1 hour',
): Promise<void> {
  await sql.query('drop schema if exists gold cascade');
  await sql.query(`
    create schema gold;
    create table gold.edits_per_min (
      ts_minute timestamptz not null, wiki text not null, is_bot boolean not null, edits integer not null,
      bytes_change integer not null, primary key (ts_minute, wiki, is_bot)
    );
    create table gold.processed_keys (s3_key text primary key, processed_at timestamptz default now());`);
  const fields = rows.map(row => row.split(' '));
  await sql.query(
    `insert into gold.edits_per_min
     select * from unnest($1::timestamptz[], $2::text[], $3::boolean[], $4::integer[], $5::integer[])`,
    [0, 1, 2, 3, 4].map(column => fields.map(row => row[column])),
  );
  await sql.query(`insert into gold.processed_keys select unnest($1::text[]), now() - $2::interval`, [
    keys,
    processedAgo,
  ]);
}
