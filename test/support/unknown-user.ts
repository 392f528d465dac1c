/** A user without an entry in passwd, as a container may have; only root can become one. */
import { spawnSync } from 'node:child_process';
import { CLI } from './cli.ts';

/** No system numbers its users like this. */
export const UNKNOWN_UID = 54_321;
/** Put before a command. */
export const AS_UNKNOWN_USER = [
  'setpriv',
  `--reuid=${UNKNOWN_UID}`,
  `--regid=${UNKNOWN_UID}`,
  '--clear-groups',
] as const;

/** Why such a user cannot run our program here; undefined when it can. */
export function unknownUserProblem(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can become another user';
  const [command, ...args] = AS_UNKNOWN_USER;
  // Node and a file of ours: a clone below /root is for root alone.
  const script = `require('fs').accessSync(process.argv[1])`;
  const { status } = spawnSync(command, [...args, process.execPath, '-e', script, CLI], { stdio: 'ignore' });
  return status === 0 ? undefined : `user ${UNKNOWN_UID} cannot read ${CLI}`;
}
