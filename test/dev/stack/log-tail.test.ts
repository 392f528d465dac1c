import { closeSync, readdirSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLog } from '../../../dev/stack/log-tail.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('openLog', () => {
  it('returns only the lines of this run', () => {
    const path = join(temporaryFolder(), 'x.log');
    writeFileSync(path, 'earlier run\n');
    const { fd, tail } = openLog(path);
    writeSync(fd, 'one\ntwo\nthree\n');
    expect(tail.last(2)).toEqual(['two', 'three']);
    expect(tail.last(10)).toEqual(['one', 'two', 'three']);
    const lines: string[] = [];
    tail.follow(line => lines.push(line));
    tail.end();
    expect(lines).toEqual(['one', 'two', 'three']);
    closeSync(fd);
  });

  it('renames a large log of earlier runs', () => {
    const path = join(temporaryFolder(), 'x.log');
    writeFileSync(path, '');
    truncateSync(path, (16 << 20) + 1);
    const { fd, tail } = openLog(path);
    writeSync(fd, 'new\n');
    expect(readdirSync(dirname(path)).sort()).toEqual(['x.log', 'x.log.1']);
    expect(tail.last(5)).toEqual(['new']);
    closeSync(fd);
  });
});
