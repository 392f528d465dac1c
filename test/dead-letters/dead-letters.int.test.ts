/** Dead letters on real servers: listed as they are, and replayed into bronze and gold exactly once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { TASK_QUEUE, transformHourId } from '../../src/contracts/temporal/names.ts';
import { HOUR_MS, hourOf } from '../../src/core/time.ts';
import { withReplayLock } from '../../src/gold/replay-lock.ts';
import type { transformHour } from '../../src/workflows/index.ts';
import { runCli } from '../support/cli.ts';
import type { CliOptions, Outcome } from '../support/cli.ts';
import { forgetParts, loseRows } from '../support/damage-gold.ts';
import { bronzeEvents, goldRows } from '../support/exactness.ts';
import { GOLD_ALONE } from '../support/form.ts';
import { buryLetters, letterOf } from '../support/letters.ts';
import { commitEdits, editLine } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** What a command says before its work: where it works; nothing beside JSON. */
const ANNOUNCED = /^(?:(?:Temporal \S+, namespace \S+ · )?bucket \S+ at \S+(?: · gold in .+)?\n)?$/;

describe.each(GOLD_ALONE)('dead letters, gold in %s', gold => {
  let world: World;
  let worker: Child;
  beforeAll(async () => {
    world = await openWorld({ gold });
    worker = await startProcess(world, 'worker');
  });
  afterAll(async () => {
    await worker.stop();
    await world.close();
  });

  const run = (args: readonly string[], onOutput?: CliOptions['onOutput']): Promise<Outcome> =>
    runCli(world, ['dead-letters', ...args], onOutput === undefined ? {} : { onOutput });
  const good = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(args);
    expect(stderr).toMatch(ANNOUNCED);
    expect(code).toBe(0);
    return stdout;
  };

  /** Each test has its own hour, and its own range in which the letters were received. */
  let hours = 0;
  const newHour = () => {
    hours += 1;
    const atMs = Date.UTC(2026, 5, hours, 10);
    const iso = (ms: number): string => new Date(ms).toISOString();
    const range = ['--from', iso(atMs), '--to', iso(atMs + HOUR_MS)];
    const at = atMs / 1000;
    return { at, hour: hourOf(at), range, receivedAt: iso(atMs + 1_000) };
  };
  const linesIn = async (hour: string): Promise<string[]> => {
    const events = await bronzeEvents(world);
    return events
      .filter(({ timestamp }) => hourOf(timestamp) === hour)
      .map(({ line }) => line)
      .sort();
  };
  const rowsOf = (hour: string) => goldRows(world, `${hour}:00:00Z`, `${hour}:59:59Z`);
  const statusOf = async (hour: string): Promise<string | undefined> => {
    const described = await world.client.workflow
      .getHandle(transformHourId(hour))
      .describe()
      .catch(() => undefined);
    return described?.status.name;
  };
  const startHour = (hour: string, parts?: readonly string[]) =>
    world.client.workflow.start<typeof transformHour>('transformHour', {
      taskQueue: TASK_QUEUE,
      workflowId: transformHourId(hour),
      args: [{ hour, ...(parts !== undefined && { parts }) }],
    });

  test('list shows counts and letters, newest last, without letters that no record names', async () => {
    const { at, range, receivedAt } = newHour();
    const usable = editLine({ timestamp: at });
    const key = await buryLetters(world.store, [
      letterOf('{"a":\u001b[31m', { receivedAt, reason: 'not_json' }),
      letterOf(usable, { receivedAt, identity: 'id-1' }),
    ]);
    const last = await buryLetters(world.store, [letterOf('{}', { receivedAt, reason: 'missing_meta_id' })]);
    await buryLetters(world.store, [letterOf('garbage', { receivedAt })], { isNamed: false });

    const lines = (await good('list', ...range)).split('\n');
    expect(lines.slice(0, 4).map(line => line.split(/ {2,}/))).toEqual([
      ['reason', 'letters', 'usable now'],
      ['bad_wiki', '1', '1'],
      ['missing_meta_id', '1', '0'],
      ['not_json', '1', '0'],
    ]);
    expect(lines.slice(5, 8)).toEqual([
      expect.stringMatching(new RegExp(`^${receivedAt}  not_json  .* ${key}  \\{"a":\\\\u\\{1b\\}\\[31m$`)),
      expect.stringContaining(
        `bad_wiki (usable now)  id-1  eqiad.mediawiki.recentchange@1763640000001  ${key}  {`,
      ),
      expect.stringMatching(new RegExp(`missing_meta_id .* ${last}  \\{\\}$`)),
    ]);
    expect(lines.at(-2)).toContain('3 dead letters in 2 objects, 1 usable now; all shown;');

    // The counts cover all letters, not only those shown.
    const short = (await good('list', ...range, '--limit', '1')).split('\n');
    expect(short.filter(line => line.startsWith(receivedAt))).toEqual([expect.stringContaining(last)]);
    expect(short.at(-2)).toContain('3 dead letters in 2 objects, 1 usable now; showing the newest 1;');
    expect(short.slice(0, 4)).toEqual(lines.slice(0, 4));

    const json = await good('list', ...range, '--json', '--reason', 'bad_wiki,not_json');
    const letters = json
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as object);
    expect(letters).toEqual([
      expect.objectContaining({ key, reason: 'not_json', raw: '{"a":\u001b[31m' }),
      expect.objectContaining({ key, reason: 'bad_wiki', raw: usable, receivedAt, identity: 'id-1' }),
    ]);
    const one = await good('list', ...range, '--json', '--limit', '1');
    expect(JSON.parse(one)).toMatchObject({ key: last });
  });

  test('list and replay say so when there are no letters', async () => {
    const { range } = newHour();
    expect(await good('list', ...range, '--reason', 'bad_length')).toMatch(
      /^No dead letters of reason bad_length received from 2026-06-\S+ to \S+\.\n$/,
    );
    expect(await good('replay', ...range)).toMatch(/^No dead letters received from/);
    expect(await run(['list', ...range, '--json'])).toMatchObject({ code: 0, stdout: '' });
  });

  test.each([
    [['list', '--hours', 'x'], '--hours: expected a whole number of hours from 1 to 87600, got "x"'],
    [
      ['list', '--limit', '0'],
      '--limit: expected a whole number from 1 to 999999, got "0". Example: --limit',
    ],
    [['replay', '--reason', 'bad_wiki,bad'], '--reason: expected one or several of invalid_utf8, not_json,'],
    [['replay', '--to', '2026-11-20T00:00Z'], '--to: expected --from beside it'],
  ])('%j is refused with what was expected', async (args, message) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  test('replay adds usable letters to a sealed hour once, however often it runs', async () => {
    const { at, hour, range, receivedAt } = newHour();
    const keys = await commitEdits(world, [{ timestamp: at, revision: 1 }]);
    const sealed = await startHour(hour, keys);
    await sealed.signal('seal');
    await sealed.result();
    const [inBronze = ''] = await linesIn(hour);
    const [human, bot] = [
      editLine({ timestamp: at + 1, revision: 2 }),
      editLine({ timestamp: at + 60, bot: true, bytes: -3 }),
    ];
    // Its revision is counted already: kept in bronze, not counted again in gold.
    const again = editLine({ timestamp: at + 2, revision: 1 });
    const letters = [human, inBronze, again, '{"not json'].map(raw => letterOf(raw, { receivedAt }));
    const key = await buryLetters(world.store, letters);
    await buryLetters(world.store, [letterOf(bot, { receivedAt })]);
    await buryLetters(world.store, [letterOf(editLine({ timestamp: at + 5 }), { receivedAt })], {
      isNamed: false,
    });
    const letterObject = (await world.store.get(key))?.body;

    const dry = await good('replay', ...range, '--dry-run');
    expect(dry).toContain(
      'Dry run, nothing was written: 5 dead letters read, 4 usable now (1 already in bronze), ' +
        '2 parts with 3 events to write, 1 hour to count, 2 edits to add',
    );
    expect(await linesIn(hour)).toEqual([inBronze]);
    expect(await rowsOf(hour)).toEqual([`${hour}:00:00Z enwiki false 1 1`]);

    const output = await good('replay', ...range);
    expect(output).toContain('still unusable: 1 not_json');
    expect(output).toContain(`${hour}  2 parts missing from gold, 2 edits: rebuilt, 2 rows changed`);
    expect(output).toContain('2 parts with 3 events written, 1 hour rebuilt, 2 edits added');
    const bronze = [inBronze, human, bot, again].sort();
    const gold = [`${hour}:00:00Z enwiki false 2 2`, `${hour}:01:00Z enwiki true 1 -3`];
    expect(await linesIn(hour)).toEqual(bronze);
    expect(await rowsOf(hour)).toEqual(gold);

    expect(await good('replay', ...range)).toContain(
      '4 usable now (4 already in bronze), 0 parts with 0 events written, 0 hours rebuilt, 0 edits added',
    );
    expect(await linesIn(hour)).toEqual(bronze);
    expect(await rowsOf(hour)).toEqual(gold);
    // Any later rebuild gives the same rows.
    const rebuilt = await (await startHour(hour)).result();
    expect(rebuilt).toMatchObject({ parts: 3, events: 4, edits: 4, distinct: 3, changedRows: 0 });
    // The letters stay where they are, byte for byte, and a list shows which were replayed.
    expect((await world.store.get(key))?.body).toEqual(letterObject);
    const listed = (await good('list', ...range)).match(/bad_wiki \((replayed|usable now)\)/g);
    expect(listed).toEqual([
      'bad_wiki (replayed)',
      'bad_wiki (usable now)',
      'bad_wiki (replayed)',
      'bad_wiki (replayed)',
    ]);
  });

  test('replay counts an hour that had no part, and one that an earlier replay left uncounted', async () => {
    const { at, hour, range, receivedAt } = newHour();
    const ahead = editLine({ timestamp: at });
    await buryLetters(world.store, [letterOf(ahead, { receivedAt, reason: 'bad_timestamp' })]);
    await good('replay', ...range, '--reason', 'bad_timestamp');
    expect(await rowsOf(hour)).toEqual([`${hour}:00:00Z enwiki false 1 1`]);
    // As if the process had died between bronze and gold.
    await forgetParts(world, hour, 'part-replay-');
    await loseRows(world, `${hour}:00:00Z`, `${hour}:00:01Z`);
    expect(await good('replay', ...range)).toContain(
      '0 parts with 0 events written, 1 hour rebuilt, 1 edit added',
    );
    expect(await rowsOf(hour)).toEqual([`${hour}:00:00Z enwiki false 1 1`]);
    expect(await linesIn(hour)).toEqual([ahead]);
  });

  test('two concurrent replays of overlapping letters change the same as one', async () => {
    const { at, hour, range, receivedAt } = newHour();
    const raws = Array.from({ length: 40 }, (_, i) => editLine({ timestamp: at + i, wiki: `wiki${i % 4}` }));
    // Two reasons, so that the two replays select different letters.
    for (const half of [raws.slice(0, 20), raws.slice(20)]) {
      const letters = half.map((raw, i) =>
        letterOf(raw, { receivedAt, reason: i % 2 === 0 ? 'bad_wiki' : 'bad_length' }),
      );
      await buryLetters(world.store, letters);
    }
    // Both wait for the lock before they start, and are released together.
    let release = (): void => undefined;
    const isHeld = new Promise<void>(resolve => (release = resolve));
    const { places, store } = world;
    const holding = withReplayLock({ places, store, onWait: () => undefined }, () => isHeld);
    let waiting = 0;
    const note = (text: string): void => void (waiting += text.includes('another replay') ? 1 : 0);
    const both = [run(['replay', ...range], note), run(['replay', ...range, '--reason', 'bad_wiki'], note)];
    await untilHolds(() => expect(waiting).toBe(2));
    expect(await linesIn(hour)).toEqual([]);
    release();
    await holding;
    for (const { code, stderr } of await Promise.all(both))
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(ANNOUNCED) });
    expect(await linesIn(hour)).toEqual([...raws].sort());
    expect(await rowsOf(hour)).toEqual([0, 1, 2, 3].map(i => `${hour}:00:00Z wiki${i} false 10 10`));
  });

  test('a running hour gets the part by signal, and its seal finds nothing to change', async () => {
    const { at, hour, range, receivedAt } = newHour();
    const keys = await commitEdits(world, [{ timestamp: at }]);
    const live = await startHour(hour, keys);
    await buryLetters(world.store, [letterOf(editLine({ timestamp: at + 60 }), { receivedAt })]);
    const output = await good('replay', ...range);
    expect(output).toContain("1 part missing from gold, 1 edit: added by the hour's running workflow");
    expect(output).toContain('0 hours rebuilt, 1 running hour updated, 1 edit added');
    expect(await statusOf(hour)).toBe('RUNNING');
    const rows = [`${hour}:00:00Z enwiki false 1 1`, `${hour}:01:00Z enwiki false 1 1`];
    expect(await rowsOf(hour)).toEqual(rows);
    await live.signal('seal');
    expect(await live.result()).toMatchObject({ parts: 2, distinct: 2, changedRows: 0, endedBy: 'seal' });
    expect(await rowsOf(hour)).toEqual(rows);
  });

  test('replay reports an hour that bronze no longer holds, leaves it as it is, and exits with 1', async () => {
    const { at, hour, range, receivedAt } = newHour();
    const [gone = ''] = await commitEdits(world, [{ timestamp: at }]);
    await (await startHour(hour)).result();
    await world.store.remove(gone);
    await buryLetters(world.store, [letterOf(editLine({ timestamp: at + 60 }), { receivedAt })]);
    const { code, stdout } = await run(['replay', ...range]);
    expect(stdout).toContain(`failed: Cannot rebuild ${hour}: 1 part`);
    expect(stdout).toContain('0 hours rebuilt, 0 edits added');
    expect(code).toBe(1);
    expect(await rowsOf(hour)).toEqual([`${hour}:00:00Z enwiki false 1 1`]);
  });

  test('replay can be interrupted while it waits; the next one finishes its work', async () => {
    const { at, hour, range, receivedAt } = newHour();
    await buryLetters(world.store, [letterOf(editLine({ timestamp: at }), { receivedAt })]);
    await worker.stop();
    const { code, stdout } = await run(['replay', ...range], (text, child) => {
      if (text.includes('waiting for 1 hour')) child.kill('SIGINT');
    });
    expect(stdout).toContain('detached; still running');
    expect(stdout).toContain('1 part with 1 event written, 0 hours rebuilt, 0 edits added');
    expect(code).toBe(0);
    worker = await startProcess(world, 'worker');
    const output = await good('replay', ...range);
    expect(output).toContain('1 usable now (1 already in bronze), 0 parts with 0 events written');
    expect(await rowsOf(hour)).toEqual([`${hour}:00:00Z enwiki false 1 1`]);
    expect(await linesIn(hour)).toHaveLength(1);
  });
});
