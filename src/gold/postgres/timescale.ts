/** Sets the policies with which TimescaleDB compresses and drops old rows of `gold.edits_per_min`. */
import type { Client } from 'pg';
import { PipelineError } from '../../contracts/errors.ts';
import type { Persistence } from '../../store/persistently.ts';
import { timescaleProblems } from './known-problems.ts';
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

/** @throws PipelineError that says what TimescaleDB lacks here, and how to get it */
function needCompression(
  { version, isAvailable, isPreloaded, hasLimit, license }: TimescaleStanding,
  present: PolicyRow | undefined,
): void {
  const { notInstalled, notLoaded, notCreated, plainTable, apache, old } = timescaleProblems;
  if (version === null) {
    if (!isAvailable) throw refusal(notInstalled);
    throw refusal(isPreloaded ? notCreated : notLoaded);
  }
  if (present === undefined) throw refusal(plainTable);
  if (license === 'apache') throw refusal(apache);
  if (!hasLimit) throw refusal({ shows: old.shows({ version }), remedy: old.remedy });
}

/** @throws PipelineError with the owner of the table, who alone may set its policies */
async function needOwner(client: Client): Promise<void> {
  const { standing, tables } = await look(client);
  const table = tables.find(({ name }) => name === 'edits_per_min');
  if (table === undefined || table.isOurs) return;
  const words = { owner: table.owner, role: standing.role };
  const { shows, remedy } = timescaleProblems.notOwner;
  throw refusal({ shows: shows(words), remedy: remedy(words) });
}

/** @throws PipelineError when rows would be dropped before they are compressed */
function needOrder(compress: number | undefined, retain: number | undefined): void {
  if (compress === undefined || retain === undefined || retain > compress) return;
  const words = { compress: String(compress), retain: String(retain) };
  const { shows, remedy } = timescaleProblems.order;
  throw refusal({ shows: shows(words), remedy: remedy(words) });
}

function refusal({ shows, remedy }: { readonly shows: string; readonly remedy: string }): PipelineError {
  return new PipelineError(`Cannot set policies of gold.edits_per_min: ${shows}`, {
    code: 'bad_configuration',
    op: 'set policies',
    subject: 'gold.edits_per_min',
    retryable: false,
    hint: remedy,
  });
}
