/**
 * libpq's file of passwords, one `host:port:database:user:password` a line, in which `*` fits anything.
 * @see https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
import { readFileSync, statSync } from 'node:fs';
import { badDsn } from './bad-dsn.ts';
import { messageOf } from '../../contracts/errors.ts';
import { dsnProblems } from './known-problems.ts';

/** What a line is for. */
export interface Login {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
}

/**
 * The password of the first line that fits; undefined when none does.
 * @throws PipelineError `bad_configuration` for a file that cannot be read, or that others may read
 */
export function passwordIn(path: string, { host, port, database, user }: Login): string | undefined {
  const wanted = [host.startsWith('/') ? 'localhost' : host, port, database, user];
  for (const line of read(path).split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = fieldsOf(line);
    if (fields.length > 4 && wanted.every((value, i) => fields[i] === '*' || fields[i] === value))
      return fields[4];
  }
  return undefined;
}

/** A backslash escapes a colon or a backslash. */
function fieldsOf(line: string): string[] {
  return (line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? []).map(field =>
    field.replace(/:$/, '').replaceAll(/\\(.)/g, '$1'),
  );
}

function read(path: string): string {
  try {
    if ((statSync(path).mode & 0o077) === 0) return readFileSync(path, 'utf8');
  } catch (error) {
    throw badDsn(
      dsnProblems.unreadablePassfile.shows({ why: messageOf(error) }),
      dsnProblems.unreadablePassfile.remedy,
    );
  }
  throw badDsn(dsnProblems.openPassfile.shows({ path }), dsnProblems.openPassfile.remedy({ path }));
}
