/** libpq's file of passwords: which line fits, and which file is refused. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { passwordIn } from '../../../src/gold/postgres/passfile.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const login = { host: 'db.example', port: '5432', database: 'd', user: 'u' };

function fileWith(lines: readonly string[], mode = 0o600): string {
  const path = join(temporaryFolder(), 'pgpass');
  writeFileSync(path, lines.join('\n'));
  chmodSync(path, mode);
  return path;
}

describe('the password', () => {
  test.each<[string, string[], string | undefined]>([
    ['of the first line that fits', ['other:5432:d:u:no', '*:*:*:u:yes', '*:*:*:*:later'], 'yes'],
    ['of a line for this server', ['db.example:5432:d:u:secret'], 'secret'],
    ['with escaped colons and backslashes', [String.raw`*:*:*:*:a\:b\\c`], String.raw`a:b\c`],
    ['without what follows it', ['*:*:*:*:secret:more'], 'secret'],
    ['that is empty', ['*:*:*:*:'], ''],
    ['of no line: other port', ['db.example:5433:d:u:secret'], undefined],
    ['of no line: comment', ['#*:*:*:*:secret', '', 'nonsense'], undefined],
  ])('%s', (_, lines, password) => {
    expect(passwordIn(fileWith(lines), login)).toBe(password);
  });

  test('of a socket is that of localhost', () => {
    const path = fileWith(['localhost:5432:d:u:secret']);
    expect(passwordIn(path, { ...login, host: '/var/run/postgresql' })).toBe('secret');
  });
});

test('a file that others can read is refused, with the command that fixes it', () => {
  const path = fileWith(['*:*:*:*:secret'], 0o644);
  expect(() => passwordIn(path, login)).toThrow(
    expect.objectContaining({ code: 'bad_configuration', hint: `Run: chmod 600 ${path}` }),
  );
});

test('a missing file is refused', () => {
  expect(() => passwordIn('/missing/pgpass', login)).toThrow(/names a passfile that cannot be read/);
});
