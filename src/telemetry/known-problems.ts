/** What can be wrong with an address that a process listens on, and what to do about it. */
import type { KnownProblems, Words } from '../contracts/known-problems.ts';

const setHost = ({ HOST }: Words<'HOST'>): string => `Set ${HOST} to 127.0.0.1 or 0.0.0.0.`;

/** By the code of the system. The texts continue “PORT … on HOST …”; words in capitals are names of settings. */
export const addressProblems = {
  EADDRINUSE: {
    shows: 'is already in use',
    cause: 'Another program listens there, often an API or a worker that is still running.',
    remedy: ({ PORT, example }: Words<'PORT' | 'example'>) =>
      `Stop the program that uses it, or set ${PORT} to another number, e.g. ${PORT}=${example}.`,
  },
  EACCES: {
    shows: 'is not allowed',
    cause: 'The user may not listen on this port.',
    remedy: ({ PORT, example }: Words<'PORT' | 'example'>) =>
      `Ports below 1024 need privileges: set ${PORT} to a higher number, e.g. ${PORT}=${example}.`,
  },
  EADDRNOTAVAIL: { shows: 'is not an address of this machine', remedy: setHost },
  ENOTFOUND: { shows: 'is an unknown host', remedy: setHost },
} satisfies KnownProblems;
