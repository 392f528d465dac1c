/** What every server of the local stack needs to start, and what it returns once it runs. */
import type { Child } from './child.ts';

export interface ServerSettings {
  /** State folder of the stack, absolute. */
  readonly home: string;
  readonly port: number;
  /** Where PATH and HOME come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called with the pid as soon as it is known. */
  readonly onSpawn: (name: string, pid: number) => void;
  /** Aborts the start. */
  readonly signal: AbortSignal;
}

export interface RunningServer {
  readonly child: Child;
  /** Host and port. */
  readonly address: string;
  /** Settings that a client needs to connect. */
  readonly env: Readonly<Record<string, string>>;
}
