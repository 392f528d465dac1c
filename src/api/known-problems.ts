/** What can be wrong with the address that the API listens on, and what to do about it. */
import type { KnownProblems } from '../contracts/known-problems.ts';

/** By the code of the system. The texts continue “PORT … on HOST …”. */
export const addressProblems = {
  EADDRINUSE: {
    shows: 'is already in use',
    cause: 'Another program listens there, often an API that is still running.',
    remedy: 'Stop the program that uses it, or set PORT to another number, e.g. PORT=5050.',
  },
  EACCES: {
    shows: 'is not allowed',
    cause: 'The user may not listen on this port.',
    remedy: 'Ports below 1024 need privileges: set PORT to a higher number, e.g. PORT=5000.',
  },
  EADDRNOTAVAIL: {
    shows: 'is not an address of this machine',
    remedy: 'Set HOST to 127.0.0.1 or 0.0.0.0.',
  },
  ENOTFOUND: {
    shows: 'is an unknown host',
    remedy: 'Set HOST to 127.0.0.1 or 0.0.0.0.',
  },
} satisfies KnownProblems;
