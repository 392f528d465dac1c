/** The comparison of open hours finds what is wrong, and nothing while parts are applied side by side. */
import { Client as PostgresClient } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyPart } from '../../src/transform/apply-part.ts';
import { rebuildHour } from '../../src/transform/rebuild-hour.ts';
import { addEdits, forgetParts } from './damage-gold.ts';
import { OpenHours } from './open-hours.ts';
import { commitEdits } from './parts.ts';
import { STREAM } from './stream.ts';
import { openWorld } from './world.ts';
import type { World } from './world.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse(`${HOUR}:00:00Z`) / 1000;
const MINUTE = `${HOUR}:00:00Z`;

describe.each(['postgres', 's3'] as const)('open hours with gold in %s', gold => {
  let world: World;
  let open: OpenHours;
  let keys: string[];
  const { signal } = new AbortController();
  beforeAll(async () => {
    world = await openWorld({ gold });
    open = new OpenHours(world, async () => {
      const sql = new PostgresClient({ connectionString: world.env['PG_DSN'] });
      await sql.connect();
      return sql;
    });
    keys = [];
    for (let i = 0; i < 30; i += 1)
      keys.push(
        ...(await commitEdits(world, [{ timestamp: START, bytes: i }, { timestamp: START + i * 60 }])),
      );
  });
  afterAll(() => world.close());

  const deps = () => ({ store: world.store, gold: world.gold, definition: STREAM, latenessMs: 0 });
  const compare = async () => {
    const { hours, parts, differences } = await open.compare();
    return { hours: hours.length, parts, differences };
  };

  test('are right at any moment while parts are applied', async () => {
    const applying = Promise.all(keys.slice(1).map(key => applyPart(key, deps(), signal)));
    const comparing = async (): Promise<void> => {
      let applied = 0;
      while (applied < 29) {
        const { parts, differences } = await compare();
        expect(differences).toEqual([]);
        applied = parts;
      }
    };
    await Promise.all([applying, comparing()]);
    expect(await compare()).toEqual({ hours: 1, parts: 29, differences: [] });
  });

  test('are wrong where a row was altered by hand', async () => {
    await addEdits(world, HOUR, MINUTE, 1);
    const { differences } = await compare();
    expect(differences).toHaveLength(1);
    expect(differences[0]).toContain(`${HOUR} in ${gold}: 1 missing:`);
    expect(differences[0]).toContain(`\n  ${MINUTE} enwiki false 29 `);
    await addEdits(world, HOUR, MINUTE, -1);
    expect(await compare()).toMatchObject({ differences: [] });
  });

  test('are wrong where a part counts twice, and are not compared once they are sealed', async () => {
    const [, twice = ''] = keys;
    await forgetParts(world, HOUR, twice.slice(twice.lastIndexOf('/') + 1));
    expect(await applyPart(twice, deps(), signal)).toMatchObject({ applied: true });
    expect((await compare()).differences).toHaveLength(1);
    const host = { signal, onProgress: () => undefined };
    // The seal repairs it, and says so. The part that nobody applied is no repair.
    expect(await rebuildHour({ hour: HOUR, isSealed: true }, deps(), host)).toMatchObject({
      changedRows: 2,
      pendingParts: 1,
      pendingRows: 1,
    });
    expect(await compare()).toEqual({ hours: 0, parts: 0, differences: [] });
  });
});
