/** Backfills that run because a page said so, behind the API's real routes; `test/api/backfill-runs.int` has a real Temporal. */
import type {
  BackfillRun,
  BackfillRuns,
  Control,
  Controlled,
  RunsPage,
  RunsQuestion,
} from '../../../src/temporal/backfill-runs.ts';
import type { BackfillReading } from '../../../src/temporal/running-backfills.ts';

interface Run {
  readonly id: string;
  readonly input: object;
  state: string;
  done: number;
  isEnded: boolean;
}

const TOTAL_HOURS = 8;

export class MadeUpRuns implements BackfillRuns {
  readonly #runs: Run[] = [];

  /** What was asked for, the latest last. */
  get inputs(): readonly object[] {
    return this.#runs.map(({ input }) => input);
  }

  /** As the pipeline shows those that run. */
  get running(): BackfillReading[] {
    return this.#runs
      .filter(({ isEnded }) => !isEnded)
      .map(({ id, state, done }) => ({
        workflowId: id,
        progress: { state, done, total: TOTAL_HOURS } as unknown as BackfillReading['progress'],
      }));
  }

  /** So many hours of all that run are read. */
  proceed(done: number): void {
    for (const run of this.#runs) run.done = done;
  }

  async start(input: object): Promise<string> {
    const id = `backfill-${this.#runs.length + 1}`;
    this.#runs.push({ id, input, state: 'reading', done: 0, isEnded: false });
    return id;
  }

  async control(id: string, control: Control): Promise<Controlled> {
    const run = this.#runs.find(each => each.id === id);
    if (run === undefined) return { kind: 'unknown' };
    if (run.isEnded) return { kind: 'ended', status: 'cancelled' };
    if (control === 'cancel') {
      run.isEnded = true;
      return { kind: 'accepted' };
    }
    run.state = control === 'pause' ? 'paused' : 'reading';
    return { kind: 'done', state: run.state };
  }

  async list({ limit }: RunsQuestion): Promise<RunsPage> {
    const ended = this.#runs.filter(({ isEnded }) => isEnded).map(endedRun);
    return { kind: 'page', runs: ended.toReversed().slice(0, limit) };
  }
}

function endedRun({ id }: Run): BackfillRun {
  const at = new Date().toISOString();
  return { id, status: 'cancelled', startedAt: at, endedAt: at };
}
