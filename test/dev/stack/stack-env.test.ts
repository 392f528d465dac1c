import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { envFile, shellLine, terminalLine, withStack } from '../../../dev/stack/stack-env.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const awkward = {
  PLAIN: 'http://127.0.0.1:7070',
  BLANKS: '/home/a b/temporal',
  DOLLAR: 'a$HOME`id`"\\!',
  EMPTY: '',
};

describe('stack settings', () => {
  it('can be read back by a shell', () => {
    const path = join(temporaryFolder(), 'stack.env');
    const env = { ...awkward, QUOTE: "it's" };
    writeFileSync(path, envFile(env));
    const names = Object.keys(env);
    const print = `printf '%s\\n' ${names.map(name => `"$${name}"`).join(' ')}`;
    for (const script of [
      `. ${path}; ${print}`,
      `${shellLine(env)}; ${print}`,
      `${terminalLine(env, path)}; ${print}`,
    ]) {
      expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n').slice(0, -1)).toEqual(
        Object.values(env),
      );
    }
  });

  it('are shown on a terminal without their passwords, which the shell reads from the private file', () => {
    const path = join(temporaryFolder(), "it's stack.env");
    const env = { AWS_REGION: 'r', PG_DSN: 'postgresql://a:secret@h/d', AWS_SECRET_ACCESS_KEY: "se'cret" };
    writeFileSync(path, envFile(env));
    const line = terminalLine(env, path);
    expect(line).not.toContain('cret@');
    expect(line).not.toContain("se'");
    const script = `export ${line}; printf '%s\n' "$AWS_REGION" "$PG_DSN" "$AWS_SECRET_ACCESS_KEY"`;
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(
      `${Object.values(env).join('\n')}\n`,
    );
  });

  it('can be read back as a .env file', () => {
    expect(parseEnv(envFile(awkward))).toEqual(awkward);
  });

  it('win over a profile and a session token in the environment', () => {
    const base = {
      PATH: '/bin',
      AWS_PROFILE: 'work',
      AWS_SESSION_TOKEN: 'x',
      AWS_ACCESS_KEY_ID: 'mine',
      AWS_ENDPOINT_URL_S3: 'http://mine.test',
    };
    expect(withStack(base, { AWS_ACCESS_KEY_ID: 'local' })).toEqual({
      PATH: '/bin',
      AWS_ACCESS_KEY_ID: 'local',
    });
    expect(withStack(base, { PG_DSN: 'd' })).toEqual({ ...base, PG_DSN: 'd' });
  });
});
