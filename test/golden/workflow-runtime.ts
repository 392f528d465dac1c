/**
 * Stands for `@temporalio/workflow`, so that the real code of a workflow runs in a test and everything that it hands
 * to Temporal is seen: inputs of activities and children, signals, search attributes, carried state, result, failure.
 * Only names and shapes are of interest here; how runs behave is tested on the real server.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { ActivityFailure, ApplicationFailure, RetryState } from '@temporalio/common';
import type { SearchAttributePair } from '@temporalio/common';

/** What a run's surroundings answer. */
export interface Script {
  /** Results of activities by name; one that throws an ApplicationFailure fails. */
  readonly activities?: Readonly<Record<string, (input: never, cancelled: Promise<void>) => unknown>>;
  /** Result of a child. */
  readonly child?: (workflowType: string) => unknown;
  /** Whether the run's history is long enough for another run. */
  readonly isTooLong?: () => boolean;
}

/** The other side of a run. */
export interface Outside {
  signal(name: string, ...args: readonly unknown[]): Promise<void>;
  progress(): Promise<void>;
}

interface Run {
  readonly script: Script;
  readonly transcript: object[];
  readonly handlers: Map<string, (...args: readonly unknown[]) => unknown>;
  /** Ids of workflows that run beside this one. */
  readonly running: Set<string>;
  /** Search attributes by name. */
  readonly attributes: Map<string, unknown>;
  isOver: boolean;
}

const FOREVER = new Promise<never>(() => undefined);

export class ContinueAsNew extends Error {}

function newRun(script: Script, isOver: boolean): Run {
  return {
    script,
    transcript: [],
    handlers: new Map(),
    running: new Set(),
    attributes: new Map(),
    isOver,
  };
}

let run: Run = newRun({}, true);

/** Runs a workflow to its end; answers what was seen of it, in order. */
export async function transcriptOf(
  workflow: (...input: never[]) => Promise<unknown>,
  input: readonly unknown[],
  script: Script,
  drive: (outside: Outside) => Promise<void> = async () => undefined,
): Promise<object[]> {
  const own: Run = newRun(script, false);
  run = own;
  own.transcript.push({ startedWith: { workflowType: workflow.name, input } });
  const ending = (workflow as (...input: readonly unknown[]) => Promise<unknown>)(...input).then(
    result => own.transcript.push({ result }),
    (error: unknown) => {
      if (error instanceof ContinueAsNew) return;
      if (!(error instanceof ApplicationFailure)) throw error;
      const { type, nonRetryable, message, details } = error;
      own.transcript.push({ failure: { type, nonRetryable, message, details } });
    },
  );
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 10; turns += 1) await turn();
  };
  const driving = drive({
    async signal(name, ...args) {
      await settle();
      own.transcript.push({ signalled: { name, args } });
      own.handlers.get(name)?.(...args);
      await settle();
    },
    async progress() {
      await settle();
      own.transcript.push({ answerTo: { progress: own.handlers.get('progress')?.() } });
    },
  });
  await Promise.all([ending, driving]);
  own.isOver = true;
  return own.transcript;
}

export const ActivityCancellationType = { WAIT_CANCELLATION_COMPLETED: 'WAIT_CANCELLATION_COMPLETED' };
export const ParentClosePolicy = { ABANDON: 'ABANDON' };
export const log = { info: noop, warn: noop, error: noop };

/** Resolves when the scope is cancelled in which an activity is called. */
let cancelledNow: Promise<void> = FOREVER;

export class CancellationScope {
  readonly cancelled: Promise<void>;
  readonly cancel: () => void;

  constructor() {
    let cancel = noop;
    this.cancelled = new Promise<void>(resolve => (cancel = resolve));
    this.cancel = cancel;
  }

  run<T>(work: () => T): T {
    cancelledNow = this.cancelled;
    try {
      return work();
    } finally {
      cancelledNow = FOREVER;
    }
  }

  static current(): { readonly consideredCancelled: boolean } {
    return { consideredCancelled: false };
  }

  static nonCancellable<T>(work: () => T): T {
    return work();
  }
}

export async function condition(holds: () => boolean): Promise<boolean> {
  const own = run;
  while (!holds()) {
    await turn();
    if (own.isOver) return FOREVER;
  }
  return true;
}

/** No timer goes off here; one whose scope is cancelled rejects. */
export async function sleep(): Promise<never> {
  await cancelledNow;
  throw new Error('cancelled');
}

export function continueAsNew(...carried: readonly unknown[]): never {
  run.transcript.push({ continuedWith: carried });
  throw new ContinueAsNew();
}

export function proxyActivities({ taskQueue }: { readonly taskQueue: string }): object {
  const call = async (name: string, args: readonly unknown[]): Promise<unknown> => {
    const own = run;
    const answer = own.script.activities?.[name];
    if (answer === undefined) throw new Error(`the script has no answer of ${name}`);
    own.transcript.push({ activity: { name, taskQueue, input: args } });
    const cancelled = cancelledNow;
    try {
      const result: unknown = await answer(...(args as [never]), cancelled);
      own.transcript.push({ resultOf: { name, result } });
      return result;
    } catch (error) {
      throw new ActivityFailure('failed', name, '1', RetryState.NON_RETRYABLE_FAILURE, '', error as Error);
    }
  };
  return new Proxy(
    {},
    {
      get: (_, name: string) =>
        Object.assign(async (...args: readonly unknown[]) => call(name, args), {
          executeWithOptions: async (_options: unknown, args: readonly unknown[]) => call(name, args),
        }),
    },
  );
}

interface ChildOptions {
  readonly workflowId: string;
  readonly args: readonly unknown[];
  readonly typedSearchAttributes?: readonly SearchAttributePair[];
}

export async function startChild(workflowType: string, options: ChildOptions) {
  const { workflowId, args, typedSearchAttributes = [] } = options;
  const own = run;
  own.running.add(workflowId);
  own.transcript.push({ child: { workflowType, workflowId, args, ...attributesIn(typedSearchAttributes) } });
  return {
    result: async (): Promise<unknown> => {
      if (own.script.child === undefined) return FOREVER;
      const result: unknown = own.script.child(workflowType);
      own.transcript.push({ resultOf: { workflowId, result } });
      return result;
    },
  };
}

export async function executeChild(workflowType: string, options: ChildOptions): Promise<unknown> {
  return (await startChild(workflowType, options)).result();
}

export function getExternalWorkflowHandle(workflowId: string) {
  return {
    signal: async ({ name }: { readonly name: string }, ...args: readonly unknown[]): Promise<void> => {
      if (!run.running.has(workflowId))
        throw ApplicationFailure.nonRetryable('it does not run', 'ExternalWorkflowExecutionNotFound');
      run.transcript.push({ signal: { workflowId, name, args } });
    },
  };
}

/** Updates are left out: they do what the signals of the same names do, and answer. */
export function setHandler(
  { name, type }: { readonly name: string; readonly type: string },
  handler: (...args: readonly unknown[]) => unknown,
): void {
  if (type === 'update') return;
  run.handlers.set(name, handler);
}

export function upsertSearchAttributes(pairs: readonly SearchAttributePair[]): void {
  for (const { key, value } of pairs) run.attributes.set(key.name, value);
  run.transcript.push(attributesIn(pairs));
}

/** New runs take the new path of every patch. */
export function patched(): boolean {
  return true;
}

export function workflowInfo() {
  return {
    taskQueue: 'wikigauge',
    continueAsNewSuggested: run.script.isTooLong?.() ?? false,
    typedSearchAttributes: { get: ({ name }: { readonly name: string }) => run.attributes.get(name) },
  };
}

export function defineSignal(name: string) {
  return { type: 'signal', name };
}

export function defineQuery(name: string) {
  return { type: 'query', name };
}

export function defineUpdate(name: string) {
  return { type: 'update', name };
}

export function allHandlersFinished(): boolean {
  return true;
}

export function isCancellation(): boolean {
  return false;
}

export function setCurrentDetails(): void {
  // Text for people.
}

function attributesIn(pairs: readonly SearchAttributePair[]): object {
  return pairs.length === 0
    ? {}
    : { searchAttributes: pairs.map(({ key: { name, type }, value }) => ({ name, type, value })) };
}

function noop(): void {
  // Of no interest here.
}
