/**
 * Explores every schedule of a small case: a depth-first search over what can happen next. Histories that lead to the
 * same state have the same future and are explored once, so a few thousand states stand for all schedules. A crash is
 * not a step: a dead writer is one that never gets another turn, so in every state a healthy writer runs alone while all
 * others are dead.
 */
import { createHash } from 'node:crypto';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { Scene } from './scene.ts';
import type { Call, Outcome } from './turns.ts';
import type { Attempt } from './writer.ts';

export interface SmallCase {
  /** Writers that overlap in any way. */
  readonly writers: readonly Attempt[];
  /** The writer that runs when all others are dead. */
  readonly healer: Attempt;
  /** Maximum number of PUTs in a schedule whose answers are lost. */
  readonly lost: number;
  /** Writers whose sweep runs; the others die before theirs begins. The healer's sweep always runs. */
  readonly sweepers: readonly string[];
}

export interface Explored {
  /** Schedules from the beginning to an end, each with a crash of all writers possible after every step. */
  readonly schedules: bigint;
  readonly states: number;
  /** Contents of the store on which the healer ran. */
  readonly stores: number;
  /** Steps of the longest schedule. */
  readonly longest: number;
}

/** What happens next: which of the waiting calls is carried out, and with which outcome. */
interface Choice {
  readonly call: number;
  readonly outcome: Outcome;
}

/** @throws Error with the schedule that breaks a rule */
export async function exploreAll(small: SmallCase): Promise<Explored> {
  const followers = new Map<string, string[]>();
  const healed = new Set<string>();
  const open: Choice[][] = [[]];
  for (let schedule = open.pop(); schedule !== undefined; schedule = open.pop()) {
    const steps: string[] = [];
    const store = new MemoryObjectStore();
    const scene = new Scene(store);
    try {
      for (const writer of small.writers) await scene.begin(writer);
      let before: string | undefined;
      let lost = 0;
      const take = async ({ call: at, outcome }: Choice): Promise<void> => {
        const call = scene.waiting[at];
        if (call === undefined)
          throw new Error(
            'the same schedule led to another state: it depends on something besides its steps',
          );
        if (outcome === 'lost') lost += 1;
        steps.push(`${call.writer} ${call.operation} ${call.key} ${outcome}`);
        await scene.step(call, outcome);
        await goFreely(scene);
      };
      await goFreely(scene);
      for (const [at, choice] of schedule.entries()) {
        if (at === schedule.length - 1) before = digest(scene.state);
        await take(choice);
      }
      for (;;) {
        const state = digest(scene.state);
        if (before !== undefined) followers.get(before)?.push(state);
        if (followers.has(state)) break;
        followers.set(state, []);
        await healFrom(store, scene, small.healer, healed);
        const [first, ...others] = choicesIn(scene.waiting, small, lost);
        if (first === undefined) break;
        open.push(...others.map(other => [...schedule, other]));
        schedule.push(first);
        before = state;
        await take(first);
      }
      await scene.close();
    } catch (error) {
      throw new Error(`after\n${steps.join('\n')}`, { cause: error });
    }
  }
  const [root = ''] = followers.keys();
  return { ...measured(followers, root), states: followers.size, stores: healed.size };
}

/**
 * Carries out calls whose time makes no difference. A record never changes, nor does a part that the log names. A sweep
 * that misses a folder is equivalent to one that lists it while it is empty, so only the start of a walk through folders
 * and its listings are steps.
 */
async function goFreely(scene: Scene): Promise<void> {
  const isFree = ({ operation, key }: Call): boolean =>
    operation === 'folders' ? key.includes('=') : operation === 'get' && scene.ledger.isSettled(key);
  for (let call = scene.waiting.find(isFree); call !== undefined; call = scene.waiting.find(isFree)) {
    await scene.step(call, 'answered');
  }
}

/** The waiting calls that may be carried out next, each with its possible outcomes. */
function choicesIn(waiting: readonly Call[], { sweepers, lost: most }: SmallCase, lost: number): Choice[] {
  return waiting.flatMap(({ writer, operation }, call): Choice[] => {
    // A sweep begins with the list of folders.
    if (operation === 'folders' && !sweepers.includes(writer)) return [];
    const answered = { call, outcome: 'answered' } as const;
    return lost < most && operation === 'putIfAbsent' ? [answered, { call, outcome: 'lost' }] : [answered];
  });
}

/** All others are dead, so what the healer finds depends on the store alone. */
async function healFrom(
  store: MemoryObjectStore,
  { ledger }: Scene,
  healer: Attempt,
  healed: Set<string>,
): Promise<void> {
  const content = digest(store.keys.join('\n'), ...ledger.objects);
  if (healed.has(content)) return;
  healed.add(content);
  const copy = new Scene(store.copy(), ledger.copy());
  await copy.heal(healer);
  await copy.expectSame();
}

/** The number of paths from the root to an end, and the length of the longest. */
function measured(followers: ReadonlyMap<string, readonly string[]>, root: string) {
  const known = new Map<string, { schedules: bigint; longest: number }>();
  const from = (state: string): { schedules: bigint; longest: number } => {
    const before = known.get(state);
    if (before !== undefined) return before;
    const next = (followers.get(state) ?? []).map(from);
    const schedules = next.length === 0 ? 1n : next.reduce((sum, each) => sum + each.schedules, 0n);
    const longest = next.length === 0 ? 0 : 1 + Math.max(...next.map(each => each.longest));
    known.set(state, { schedules, longest });
    return { schedules, longest };
  };
  return from(root);
}

function digest(...texts: readonly string[]): string {
  return createHash('sha1').update(texts.join('\n')).digest('base64');
}
