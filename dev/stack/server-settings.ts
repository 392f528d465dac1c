/** What every server of the local stack takes to be started, and what it is then. */
import type { Child } from './child.ts';

export interface ServerSettings {
  /** State folder of the stack, absolute. */
  readonly home: string;
  readonly port: number;
  /** Where PATH and HOME come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told the pid as soon as there is one. */
  readonly onSpawn: (name: string, pid: number) => void;
  /** Gives up starting. */
  readonly signal: AbortSignal;
}

export interface RunningServer {
  readonly child: Child;
  /** Host and port. */
  readonly address: string;
  /** Settings that lead a client to it. */
  readonly env: Readonly<Record<string, string>>;
}
