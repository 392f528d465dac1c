/** `npm run backfill` from a terminal: progress, detaching and reattaching, invalid input. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { goldRows, oracleRows } from '../support/exactness.ts';
import { runCli } from '../support/cli.ts';
import { startProcess } from '../support/processes.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;

describe('wikigauge backfill', () => {
  let world: World;
  let wikimedia: Wikimedia;
  let worker: Child;
  let env: Record<string, string>;
  const startMs = Math.floor(Date.now() / HOUR) * HOUR - 30 * HOUR;
  const at = (hour: number): string => new Date(startMs + hour * HOUR).toISOString().replace('.000Z', 'Z');

  beforeAll(async () => {
    world = await openWorld();
    wikimedia = await startWikimedia(parseSimulateOptions({ port: '0', rate: '2', from: at(0), seed: '6' }));
    env = {
      ...settingsOf(wikimedia),
      ACTION_API_PER_MINUTE: '60000',
    };
    worker = await startProcess(world, 'worker', { env });
  });
  afterAll(async () => {
    await worker.stop();
    await wikimedia.close();
    await world.close();
  });

  const run = (...args: string[]) => runCli(world, ['backfill', ...args], { env });

  test('fills the range and prints a summary', async () => {
    const { code, stdout } = await run('--from', at(1), '--to', at(3), '--source', 'stream');
    expect(stdout).toMatch(/^workflow backfill-\d{4}-/m);
    expect(stdout).toMatch(/^done: [\d,]+ rows read, 2 hours rebuilt, [\d,]+ gold rows changed$/m);
    expect(code).toBe(0);
    expect(await goldRows(world, at(1), at(3))).toEqual(await oracleRows(wikimedia.url, at(1), at(3)));
  });

  test('says once which sources it chose, and why', async () => {
    const { code, stdout } = await run('--from', at(28), '--to', at(29), '--wiki', 'dewiki');
    expect(stdout.match(/^sources chosen by auto: one wiki is wanted: /gm)).toHaveLength(1);
    expect(stdout).toMatch(/^api {5}\S+ to \S+$/m);
    expect(code).toBe(0);
  });

  test('keeps running after Ctrl-C, and can be reattached to', async () => {
    const range = ['--from', at(4), '--to', at(28), '--source', 'stream'];
    const left = await runCli(world, ['backfill', ...range], {
      env,
      onOutput: (text, child) => text.includes('[') && child.kill('SIGINT'),
    });
    const [, id = ''] = /npm run backfill -- --attach (\S+)/.exec(left.stdout) ?? [];
    expect(left.code).toBe(0);
    const back = await run('--attach', id);
    expect(back.stdout).toMatch(/^done: /m);
    expect(await goldRows(world, at(4), at(28))).toEqual(await oracleRows(wikimedia.url, at(4), at(28)));
  });

  test.each([
    [['--from', at(3), '--to', at(2)], 'from must lie before to'],
    [['--to', at(2)], 'to without from'],
    [['--from', '2100-01-01T00:00:00Z'], 'from lies in the future, got 2100-01-01T00:00:00Z'],
    [['--hours', '0'], 'hours must be a whole number of hours from 1 to 87600, got 0'],
    [['--hours', '2', '--source', 'radio'], 'source must be one of auto, stream, api, dump, got "radio"'],
    [
      ['--from', '1990-01-01T00:00:00Z'],
      "before Wikipedia's first day, 2001-01-15, got 1990-01-01T00:00:00Z",
    ],
    [['--hours', '2', '--wiki', 'enwikki'], 'there is no public wiki "enwikki"; similar names: enwiki'],
    [['--hours', '2', '--concurrency', '99'], 'concurrency must be a whole number from 1 to 16, got 99'],
  ])('rejects %s', async (flags, sentence) => {
    const { code, output } = await run(...flags);
    expect(output).toContain(sentence);
    expect(output).toContain('xample');
    expect(code).toBe(1);
  });

  test('two started in the same second are two runs, and each says which Temporal it talks to', async () => {
    const range = ['--from', at(1), '--to', at(2), '--source', 'stream'];
    const runs = await Promise.all([run(...range), run(...range), run(...range)]);
    const ids = runs.map(({ stdout }) => /^workflow (\S+)$/m.exec(stdout)?.[1]);
    expect(new Set(ids).size).toBe(3);
    expect(ids.every(id => id?.startsWith('backfill-'))).toBe(true);
    for (const { code, stderr } of runs) {
      expect(code).toBe(0);
      expect(stderr).toContain(
        `Temporal ${world.env['TEMPORAL_ADDRESS']}, namespace ${world.env['TEMPORAL_NAMESPACE']}`,
      );
    }
  });

  test('--attach to what is not a backfill says so, and how to list them', async () => {
    await startIngest(world.client, INGEST_ID, {});
    for (const [id, what] of [
      ['nosuch', 'there is no workflow nosuch in namespace'],
      [INGEST_ID, `${INGEST_ID} is a run of ingest, not of backfill`],
    ] as const) {
      const { code, output } = await run('--attach', id);
      expect(output).toContain(what);
      expect(output).toContain(`temporal workflow list --query "WorkflowType='backfill'"`);
      expect(code).toBe(1);
    }
  });

  test('--dry-run prints an estimate and starts nothing', async () => {
    const { code, stdout } = await run('--hours', '20', '--wiki', 'enwiki', '--source', 'api', '--dry-run');
    expect(stdout).toMatch(
      /^api {5}\S+ to \S+: (?:19|20) hours, about \d+ requests, 1 min at 60000 per minute, about [\d.]+ k?M?B$/m,
    );
    expect(code).toBe(0);
    expect(stdout).not.toContain('sources chosen by auto');
    const chosen = await run('--hours', '20', '--wiki', 'enwiki', '--dry-run');
    expect(chosen.stdout).toMatch(
      /^sources chosen by auto: one wiki is wanted: .*; so the API where it reaches/m,
    );
    expect(chosen.stdout).toMatch(/^api {5}\S+ to \S+: (?:19|20) hours/m);
    expect(chosen.stdout).not.toMatch(/^stream/m);
    const wrong = await run('--hours', '0', '--dry-run');
    expect(wrong.output).toContain('hours must be a whole number of hours');
    expect(wrong.code).toBe(1);
  });
});
