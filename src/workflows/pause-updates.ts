/** The updates `pause` and `resume`, which answer once the run has done so. */
import { allHandlersFinished, condition, setHandler } from '@temporalio/workflow';
import { invalidInput } from '../contracts/temporal/input.ts';
import { pauseUpdate, resumeUpdate } from '../contracts/temporal/updates.ts';
import type { Controlled } from '../contracts/temporal/updates.ts';

export interface Pausable {
  readonly pause: () => void;
  readonly resume: () => void;
  /** Whether nothing is under way and nothing begins. */
  readonly isPaused: () => boolean;
  /** For the answer. */
  readonly state: () => string;
}

/** The end of a run, or of one run of its chain. */
export interface Leaving {
  readonly isLeaving: () => boolean;
  /** Answers every update that still waits. Called before the run ends or continues as new. */
  readonly leave: () => Promise<void>;
}

export function answerPauseAndResume({ pause, resume, isPaused, state }: Pausable): Leaving {
  let isLeaving = false;
  const answer = (): Controlled => ({ state: state() });
  setHandler(
    pauseUpdate,
    async () => {
      pause();
      await condition(() => isPaused() || isLeaving);
      return answer();
    },
    { description: 'Like the signal; answers once it has paused', validator: takesNothing('pause') },
  );
  setHandler(
    resumeUpdate,
    async () => {
      resume();
      await condition(() => !isPaused() || isLeaving);
      return answer();
    },
    { description: 'Like the signal; answers once it has resumed', validator: takesNothing('resume') },
  );
  return {
    isLeaving: () => isLeaving,
    async leave() {
      isLeaving = true;
      await condition(allHandlersFinished);
    },
  };
}

/** Refuses any input: a range or a key given to such an update would be ignored without a word. */
export function takesNothing(name: string): (...given: unknown[]) => void {
  return (...given) => {
    // `null` is what `--input null` and the Web UI's empty field send.
    if (given.every(value => value === undefined || value === null)) return;
    throw invalidInput(`${name} takes no input, got ${JSON.stringify(given).slice(0, 120)}`, '');
  };
}
