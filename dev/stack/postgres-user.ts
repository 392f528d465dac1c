/**
 * Chooses the user that Postgres runs as: the current one, unless that is root, which Postgres refuses. Then it is
 * `postgres`, else `nobody`. That user must be able to reach the binaries and the data; for a clone under /root or in a
 * private temporary folder it is given the one capability that bypasses the folders' permissions.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, lchownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stackProblems } from './known-problems.ts';
import { needUserName } from './named-user.ts';

/** Arguments for `spawn`. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** Wraps a command so that it runs as Postgres's user. */
export type RunAs = (command: string, args: readonly string[]) => Command;

interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Prepares the folder for that user and returns how to run commands as that user.
 *
 * @param folder holds the data; created when missing, and owned by that user afterwards
 * @param binary must be accessible to that user
 * @throws Error that says what the user cannot access and how to fix it
 */
export function postgresUser(folder: string, binary: string): RunAs {
  const ourUid = process.geteuid?.();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const owner = statSync(folder);
  if (ourUid !== 0) {
    if (ourUid !== undefined && owner.uid !== ourUid) throw new Error(wrongOwner(folder, owner.uid, ourUid));
    // initdb looks it up.
    needUserName('Postgres', 'PG_DSN=postgres://…');
    return (command, args) => ({ command, args });
  }
  // Keep the owner of existing data, so that runs as that user still work afterwards.
  const user = owner.uid === 0 ? findUser() : { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  chownTree(folder, user);
  const found = [asUser(user), asUserWithCapability(user)].find(runAs => canAccess(runAs, binary, folder));
  if (found === undefined) throw new Error(noAccess(user, folder, binary));
  return found;
}

function asUser({ uid, gid }: User): RunAs {
  return (command, args) => ({ command, args, uid, gid });
}

function asUserWithCapability({ uid, gid }: User): RunAs {
  const setpriv = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    // Postgres calls access(2), which ignores a user's capabilities unless this is set.
    '--securebits=+no_setuid_fixup',
  ];
  return (command, args) => ({ command: 'setpriv', args: [...setpriv, command, ...args] });
}

/** Tries the access instead of reading modes: access lists, read-only mounts and sandboxes matter too. */
function canAccess(runAs: RunAs, binary: string, folder: string): boolean {
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
  throw new Error(`${stackProblems.noUser.shows} ${stackProblems.noUser.remedy}`);
}

function chownTree(path: string, { uid, gid }: User): void {
  chownSync(path, uid, gid);
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    lchownSync(join(entry.parentPath, entry.name), uid, gid);
  }
}

function wrongOwner(folder: string, owner: number, ourUid: number): string {
  const { shows, remedy } = stackProblems.wrongOwner;
  const words = { folder, owner: String(owner), ours: String(ourUid) };
  return `${shows(words)} ${remedy(words)}`;
}

function noAccess(user: User, folder: string, binary: string): string {
  const { shows, remedy } = stackProblems.noAccess;
  return `${shows({ user: `${user.name} (uid ${user.uid})`, binary, folder })} ${remedy}`;
}
