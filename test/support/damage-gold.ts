/** Manual damage to gold, in every place: for tests of how it is found and repaired. */
import { GOLD } from '../../src/contracts/storage/object-keys.ts';
import { HOUR_MS, hourOf } from '../../src/core/time.ts';
import type { Hour } from '../../src/core/time.ts';
import { readHour, writeHour } from '../../src/gold/parquet/hour-object.ts';
import type { GoldHour } from '../../src/gold/parquet/hour-state.ts';
import type { World } from './world.ts';

type Damaged = Pick<World, 'places' | 'sql' | 'store'>;

/** Deletes the rows of whole hours in [from, to), ISO 8601, but not the ledger. */
export async function loseRows(world: Damaged, from: string, to: string): Promise<void> {
  for (const { kind } of world.places) {
    if (kind === 'postgres') {
      await world.sql.query('delete from gold.edits_per_min where ts_minute >= $1 and ts_minute < $2', [
        from,
        to,
      ]);
      continue;
    }
    for (let ms = Date.parse(from); ms < Date.parse(to); ms += HOUR_MS)
      await changeHour(world, hourOf(ms / 1000), known => ({ ...known, rows: [] }));
  }
}

/** Adds edits to the rows of a minute (ISO 8601) of an hour, but to no ledger. */
export async function addEdits(world: Damaged, hour: Hour, minute: string, edits: number): Promise<void> {
  for (const { kind } of world.places) {
    if (kind === 'postgres') {
      await world.sql.query('update gold.edits_per_min set edits = edits + $2 where ts_minute = $1', [
        minute,
        edits,
      ]);
      continue;
    }
    const second = Date.parse(minute) / 1000;
    await changeHour(world, hour, known => ({
      ...known,
      rows: known.rows.map(row => (row.minute === second ? { ...row, edits: row.edits + edits } : row)),
    }));
  }
}

/** Removes the parts whose name contains `piece` from the ledger of an hour, but not the rows. */
export async function forgetParts(world: Damaged, hour: Hour, piece: string): Promise<void> {
  for (const { kind } of world.places) {
    if (kind === 'postgres') {
      await world.sql.query('delete from gold.processed_keys where s3_key like $1', [`%${piece}%`]);
      continue;
    }
    const others = (names: readonly string[]): string[] => names.filter(name => !name.includes(piece));
    await changeHour(world, hour, known => ({
      ...known,
      counted: others(known.counted),
      added: others(known.added),
    }));
  }
}

/** Removes all of gold. */
export async function dropGold(world: Damaged): Promise<void> {
  for (const { kind } of world.places) {
    if (kind === 'postgres') await world.sql.query('drop schema gold cascade');
    else
      for await (const keys of world.store.list(GOLD)) for (const key of keys) await world.store.remove(key);
  }
}

async function changeHour(
  { store }: Pick<World, 'store'>,
  hour: Hour,
  change: (known: GoldHour) => GoldHour,
): Promise<void> {
  const { etag, hour: known } = await readHour(store, hour);
  const written = await writeHour(store, hour, etag, change(known));
  if (written === undefined) throw new Error(`another writer replaced ${hour}`);
}
