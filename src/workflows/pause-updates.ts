/** The updates `pause` and `resume`, which answer once the run has done so. */
import { condition, setHandler } from '@temporalio/workflow';
import { invalidInput } from '../contracts/temporal/input.ts';
import { pauseUpdate, resumeUpdate } from '../contracts/temporal/updates.ts';
import type { Controlled } from '../contracts/temporal/updates.ts';

export interface Pausable {
  readonly pause: () => void;
  readonly resume: () => void;
  /** Whether nothing is under way and nothing begins. */
  readonly isPaused: () => boolean;
  /** Whether the run ends or continues as new: whoever waits gets an answer then. */
  readonly isLeaving: () => boolean;
  /** For the answer. */
  readonly state: () => string;
}

/** What each update does is said in its description, which the Web UI shows. */
export function answerPauseAndResume({ pause, resume, isPaused, isLeaving, state }: Pausable): void {
  const answer = (): Controlled => ({ state: state() });
  setHandler(
    pauseUpdate,
    async () => {
      pause();
      await condition(() => isPaused() || isLeaving());
      return answer();
    },
    { description: 'Like the signal; answers once it has paused', validator: takesNothing('pause') },
  );
  setHandler(
    resumeUpdate,
    async () => {
      resume();
      await condition(() => !isPaused() || isLeaving());
      return answer();
    },
    { description: 'Like the signal; answers once it has resumed', validator: takesNothing('resume') },
  );
}

/** Refuses any input: a range or a key given to such an update would be ignored without a word. */
export function takesNothing(name: string): (...given: unknown[]) => void {
  return (...given) => {
    // `null` is what `--input null` and the Web UI's empty field send.
    if (given.every(value => value === undefined || value === null)) return;
    throw invalidInput(`${name} takes no input, got ${JSON.stringify(given).slice(0, 120)}`, '');
  };
}
