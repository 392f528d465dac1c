/**
 * ④ Notifies the ingest workflow of each commit, in order, retrying until it is delivered. If a crash comes between
 * commit and notice, the next attempt sends the missing notices; the workflow ignores ones it has seen.
 */
import { gapsOf } from '../contracts/storage/log-record.ts';
import type { CommitRecord, PartEntry } from '../contracts/storage/log-record.ts';
import { PipelineError } from '../contracts/errors.ts';
import { floorHourMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { CommitLog } from '../bronze/commit-log.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';
import type { CommitNotice, PartNotice } from '../contracts/temporal/messages.ts';
import { EmptyHours } from './empty-hours.ts';
import { soon } from './gold-answer.ts';
import { noticesOf } from './notices.ts';

/** Signals a workflow. @throws PipelineError `temporal_unavailable`, retryable unless the workflow is not running */
export type SendNotice = (workflowId: string, notice: CommitNotice) => Promise<void>;

/** A catch-up asks gold about the records of a week. While gold is away, each question may be waited for. */
const ASK_AGAIN_MS = 60_000;
/**
 * A catch-up sends as many records in one notice: a signal for each of thousands would hold up reading for minutes, and
 * fill the history of the workflow.
 */
const RECORDS_AT_ONCE = 100;

export interface NotifierDeps {
  readonly sendNotice: SendNotice;
  readonly gold: Pick<GoldWriter, 'unapplied' | 'unsealed'>;
  readonly latenessMs: number;
}

export class Notifier {
  readonly #deps: NotifierDeps;
  readonly #workflowId: string;
  readonly #persistence: Persistence;
  #acknowledged: number;
  #watermarkMs = 0;
  readonly #emptyHours = new EmptyHours();
  /** When gold may be asked again, of `performance.now()`. */
  #askAtMs = 0;

  constructor(deps: NotifierDeps, workflowId: string, acknowledged: number, persistence: Persistence) {
    this.#deps = deps;
    this.#workflowId = workflowId;
    this.#acknowledged = acknowledged;
    this.#persistence = persistence;
  }

  /** Sequence of the last commit that the workflow was notified of. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /**
   * Sends notices of earlier commits that the workflow may have missed. A workflow that knows none gets only what gold
   * lacks, unapplied parts and unsealed hours, so that a fresh start does not replay a week.
   */
  async catchUp(log: CommitLog): Promise<void> {
    const { readTo } = log.tail;
    if (readTo !== undefined) this.#emptyHours.startAt(Date.parse(readTo) - this.#deps.latenessMs);
    const knowsNone = this.#acknowledged === 0;
    const checkedHours = new Set<Hour>();
    let batch: CommitRecord[] = [];
    const sendBatch = async (): Promise<void> => {
      const parts = batch.flatMap(record => record.parts);
      if (!knowsNone) return this.#send(batch, parts, 0);
      const lacking = await this.#lacking(
        parts,
        part => part.key,
        keys => this.#deps.gold.unapplied(keys),
      );
      const hours = [...new Set(parts.map(({ hour }) => hour))].filter(hour => !checkedHours.has(hour));
      for (const hour of hours) checkedHours.add(hour);
      await this.#send(batch, lacking, 0, await this.#unsealed(hours));
    };
    for await (const record of log.commitsBeforeFence(this.#acknowledged + 1, this.#persistence)) {
      batch.push(record);
      if (batch.length < RECORDS_AT_ONCE) continue;
      await sendBatch();
      batch = [];
    }
    if (batch.length > 0) await sendBatch();
  }

  /** Notifies of a commit. `newestMs`: its latest `meta.dt`, 0 when unknown. */
  async notify(record: CommitRecord, newestMs: number): Promise<void> {
    await this.#send([record], record.parts, newestMs);
  }

  /** Notifies of successive records at once. */
  async #send(
    records: readonly CommitRecord[],
    parts: readonly PartEntry[],
    newestMs: number,
    unsealed: readonly Hour[] = [],
  ): Promise<void> {
    const previousMs = this.#watermarkMs;
    if (newestMs > 0) this.#watermarkMs = Math.max(previousMs, newestMs - this.#deps.latenessMs);
    const passedHour = floorHourMs(this.#watermarkMs) > floorHourMs(previousMs);
    for (const { hour } of records.flatMap(record => record.parts)) this.#emptyHours.hasPart(hour);
    const empty = passedHour ? await this.#unsealed(this.#emptyHours.passedBy(this.#watermarkMs)) : [];
    const gaps = records.flatMap(gapsOf);
    const isWorthSending = parts.length > 0 || unsealed.length > 0 || gaps.length > 0 || passedHour;
    if (!isWorthSending) return;
    const deadLetters = records
      .flatMap(record => record.deadLetters)
      .reduce((sum, { events }) => sum + events, 0);
    const sequence = records.at(-1)?.sequence ?? this.#acknowledged;
    const notices = noticesOf({
      sequence,
      after: this.#acknowledged,
      parts: parts.map(noticeOf),
      unsealed: [...unsealed, ...empty],
      gaps,
      ...(this.#watermarkMs > 0 && { watermark: new Date(this.#watermarkMs).toISOString() }),
      deadLetters,
    });
    for (const notice of notices)
      await persistently(() => this.#deps.sendNotice(this.#workflowId, notice), this.#persistence);
    this.#acknowledged = sequence;
  }

  #unsealed(hours: readonly Hour[]): Promise<readonly Hour[]> {
    return this.#lacking(
      hours,
      hour => hour,
      names => this.#deps.gold.unsealed(names),
    );
  }

  /**
   * The `items` whose names gold lacks; all of them when gold fails. Ingest does not need gold, and sending too many is
   * harmless: applying a part or sealing an hour is idempotent.
   */
  async #lacking<T>(
    items: readonly T[],
    nameOf: (item: T) => string,
    findLacking: (names: string[]) => Promise<string[]>,
  ): Promise<readonly T[]> {
    if (items.length === 0 || performance.now() < this.#askAtMs) return items;
    const names = await soon(findLacking(items.map(nameOf))).catch((error: unknown) => {
      if (error instanceof PipelineError) return undefined;
      throw error;
    });
    if (names === undefined) {
      this.#askAtMs = performance.now() + ASK_AGAIN_MS;
      return items;
    }
    const lacking = new Set(names);
    return items.filter(item => lacking.has(nameOf(item)));
  }
}

function noticeOf({ key, hour, events, edits }: PartEntry): PartNotice {
  return { key, hour, events, edits };
}
