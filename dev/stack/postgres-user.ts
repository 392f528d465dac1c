/**
 * As whom Postgres runs: as we do, unless we are root, whom it refuses. Then as `postgres`, else `nobody`, which must
 * reach the binaries and the data; a clone below /root or in a private temporary folder is out of their reach, so there
 * it gets the one capability that lets it pass.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, lchownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A command as `spawn` takes it. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** Wraps a command so that it runs as the user that Postgres runs as. */
export type RunAs = (command: string, args: readonly string[]) => Command;

interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Prepares the folder for that user and returns how to run commands as it.
 *
 * @param folder keeps the data; made when missing, belongs to that user afterwards
 * @param binary must be reachable for that user
 * @throws Error that says what is out of whose reach and how to mend it
 */
export function postgresUser(folder: string, binary: string): RunAs {
  const ourUid = process.geteuid?.();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const owner = statSync(folder);
  if (ourUid !== 0) {
    if (ourUid !== undefined && owner.uid !== ourUid)
      throw new Error(foreignFolder(folder, owner.uid, ourUid));
    return (command, args) => ({ command, args });
  }
  // Data of a run as another user stay that user's: it can go on with them afterwards.
  const user = owner.uid === 0 ? findUser() : { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  chownTree(folder, user);
  const found = [switched(user), capable(user)].find(runAs => reaches(runAs, binary, folder));
  if (found === undefined) throw new Error(outOfReach(user, folder, binary));
  return found;
}

function switched({ uid, gid }: User): RunAs {
  return (command, args) => ({ command, args, uid, gid });
}

function capable({ uid, gid }: User): RunAs {
  const setpriv = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    // Postgres asks access(2), which disregards a user's capabilities unless this is set.
    '--securebits=+no_setuid_fixup',
  ];
  return (command, args) => ({ command: 'setpriv', args: [...setpriv, command, ...args] });
}

/** Tries it, rather than reading modes: access lists, read-only mounts and sandboxes have a say as well. */
function reaches(runAs: RunAs, binary: string, folder: string): boolean {
  const script = 'test -x "$0" && test -r "$0" && "$0" --version && : > "$1/.probe" && rm "$1/.probe"';
  const { command, args, ...ids } = runAs('/bin/sh', ['-c', script, binary, folder]);
  return spawnSync(command, args, { cwd: '/', stdio: 'ignore', ...ids }).status === 0;
}

function findUser(): User {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { stdio: 'pipe' }).toString());
      return { name, uid: id('-u'), gid: id('-g') };
    } catch {
      // No such user: try the next.
    }
  }
  throw new Error(
    'Postgres does not run as root, and there is neither a user postgres nor nobody to run it as. ' +
      'Run this as another user, or use a server of your own: PG_DSN=postgres://…',
  );
}

function chownTree(path: string, { uid, gid }: User): void {
  chownSync(path, uid, gid);
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    lchownSync(join(entry.parentPath, entry.name), uid, gid);
  }
}

function foreignFolder(folder: string, owner: number, ourUid: number): string {
  return (
    `${folder} belongs to user ${owner}, and Postgres, which runs as we do (user ${ourUid}), only takes its own. ` +
    'Run this as that user, remove the folder, or choose another one with WIKIGAUGE_HOME.'
  );
}

function outOfReach(user: User, folder: string, binary: string): string {
  return (
    `Postgres does not run as root, and ${user.name} (user ${user.uid}), as whom it would run instead, can reach ` +
    `${binary} or ${folder} neither by itself nor with the help of setpriv. Let others pass through the folders above ` +
    'them (chmod o+x), run this as another user, or use a server of your own: PG_DSN=postgres://…'
  );
}
