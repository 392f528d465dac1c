/** Sets the policies with which TimescaleDB compresses and drops old rows of `gold.edits_per_min`. */
import type { Client } from 'pg';
import { PipelineError } from '../../contracts/errors.ts';
import type { Persistence } from '../../store/persistently.ts';
import { look } from './migrate.ts';
import { whileLocked } from './migration-lock.ts';
import {
  addCompression,
  addRetention,
  makeCompressible,
  removeCompression,
  removeRetention,
  tablePolicies,
  timescaleStanding,
} from './sql/timescale.ts';
import type { PolicyRow, TimescaleStanding } from './sql/timescale.ts';

/** Ages of rows in days; undefined for a policy that stays as it is. */
export interface WantedPolicies {
  readonly compress: number | 'off' | undefined;
  readonly retain: number | 'off' | undefined;
}

export interface PolicyChange {
  readonly policy: 'compress' | 'retain';
  /** Days; undefined without a policy. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/**
 * Sets both policies in one transaction and returns how they were and are.
 * @throws PipelineError `bad_configuration` when a person has to change something first
 */
export async function setPolicies(
  dsn: string,
  wanted: WantedPolicies,
  persistence: Persistence,
): Promise<readonly PolicyChange[]> {
  return whileLocked(dsn, client => setLocked(client, wanted), persistence);
}

async function setLocked(client: Client, wanted: WantedPolicies): Promise<readonly PolicyChange[]> {
  const [standing] = (await client.query<TimescaleStanding>(timescaleStanding())).rows;
  if (standing === undefined) throw new TypeError('the catalog has no answer');
  const present =
    standing.version === null ? undefined : (await client.query<PolicyRow>(tablePolicies())).rows[0];
  const compress = changeOf('compress', present?.compressDays, wanted.compress);
  const retain = changeOf('retain', present?.retainDays, wanted.retain);
  const changes = [compress, retain];
  // Nothing to take back, where nothing can be.
  if (changes.every(({ before, after }) => before === after)) return changes;
  needCompression(standing, present);
  await needOwner(client);
  needOrder(compress.after, retain.after);
  if (compress.before !== compress.after) {
    await client.query(removeCompression());
    if (compress.after !== undefined) {
      // An operator may have chosen another layout.
      if (present?.isCompressible !== true) await client.query(makeCompressible());
      await client.query(addCompression(compress.after));
    }
  }
  if (retain.before !== retain.after) {
    await client.query(removeRetention());
    if (retain.after !== undefined) await client.query(addRetention(retain.after));
  }
  return changes;
}

function changeOf(
  policy: PolicyChange['policy'],
  present: number | null | undefined,
  wanted: number | 'off' | undefined,
): PolicyChange {
  const before = present ?? undefined;
  return { policy, before, after: wanted === 'off' ? undefined : (wanted ?? before) };
}

const HYPERTABLE = `select create_hypertable('gold.edits_per_min', 'ts_minute', migrate_data => true)`;

/** @throws PipelineError that says what TimescaleDB lacks here, and how to get it */
function needCompression(
  { version, isAvailable, isPreloaded, hasLimit, license }: TimescaleStanding,
  present: PolicyRow | undefined,
): void {
  const then = `then, as a superuser: create extension timescaledb; ${HYPERTABLE}`;
  if (version === null && !isAvailable)
    throw refusal(
      'the server has no extension timescaledb',
      `Install TimescaleDB on the server, add timescaledb to its shared_preload_libraries, and restart it; ${then}`,
    );
  if (version === null && !isPreloaded)
    throw refusal(
      'the server has the extension timescaledb, but does not load it',
      `Add timescaledb to its shared_preload_libraries, and restart it; ${then}`,
    );
  if (version === null)
    throw refusal(
      'the database has no extension timescaledb',
      `Let a superuser run there: create extension timescaledb; ${HYPERTABLE}`,
    );
  if (present === undefined)
    throw refusal(
      'the table is not a hypertable of TimescaleDB',
      `Stop the workers, and let its owner run: ${HYPERTABLE}`,
    );
  if (license === 'apache')
    throw refusal(
      'the server has the Apache edition of TimescaleDB, which has neither compression nor retention',
      `Install the community edition, or set timescaledb.license = 'timescale' in postgresql.conf.`,
    );
  if (!hasLimit)
    throw refusal(
      `TimescaleDB ${version} cannot change as many compressed rows as a rebuild has to`,
      'Update it to 2.12 or later: alter extension timescaledb update',
    );
}

/** @throws PipelineError with the owner of the table, who alone may set its policies */
async function needOwner(client: Client): Promise<void> {
  const { standing, tables } = await look(client);
  const table = tables.find(({ name }) => name === 'edits_per_min');
  if (table === undefined || table.isOurs) return;
  throw refusal(
    `it belongs to ${table.owner}, and role ${standing.role} may not change it`,
    `Run this with the PG_DSN of ${table.owner}, or let that role run: grant ${table.owner} to ${standing.role}`,
  );
}

/** @throws PipelineError when rows would be dropped before they are compressed */
function needOrder(compress: number | undefined, retain: number | undefined): void {
  if (compress === undefined || retain === undefined || retain > compress) return;
  throw refusal(
    `rows would be dropped after ${retain} days and compressed after ${compress}`,
    `Keep them longer than they stay uncompressed: --timescale compress=7d,retain=2y; or turn one off: --timescale compress=off,retain=${retain}d`,
  );
}

function refusal(message: string, hint: string): PipelineError {
  return new PipelineError(`Cannot set policies of gold.edits_per_min: ${message}`, {
    code: 'bad_configuration',
    op: 'set policies',
    subject: 'gold.edits_per_min',
    retryable: false,
    hint,
  });
}
