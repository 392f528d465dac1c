import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  SERVERS,
  cacheFolder,
  cachedPath,
  findServer,
  serversNeeded,
} from '../../../dev/bootstrap/servers.mjs';
import { temporaryFolder } from '../../support/temporary.ts';

function executable(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 });
  return path;
}

describe('servers', () => {
  it('skips servers that the environment replaces', () => {
    expect(serversNeeded({})).toEqual(['temporal', 'versitygw']);
    expect(serversNeeded({ TEMPORAL_ADDRESS: 'localhost:7233' })).toEqual(['versitygw']);
    expect(
      serversNeeded({ TEMPORAL_ADDRESS: 'localhost:7233', AWS_ENDPOINT_URL: 'http://localhost:9000' }),
    ).toEqual([]);
    expect(serversNeeded({ TEMPORAL_ADDRESS: '' })).toEqual(['temporal', 'versitygw']);
  });

  it('keeps binaries in the user’s cache', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/c/wikigauge');
    expect(cacheFolder({ HOME: '/h' }, 'linux')).toBe('/h/.cache/wikigauge');
    expect(cacheFolder({ HOME: '/h' }, 'darwin')).toBe('/h/Library/Caches/wikigauge');
    expect(cachedPath(SERVERS.temporal, { XDG_CACHE_HOME: '/c' })).toBe('/c/wikigauge/bin/temporal-1.5.1');
  });

  it('looks on PATH first, then in the cache, and ignores what is not executable', () => {
    const folder = temporaryFolder();
    const env = { PATH: [join(folder, 'none'), join(folder, 'bin')].join(':'), XDG_CACHE_HOME: folder };
    expect(findServer('temporal', env)).toBeUndefined();
    const cached = executable(cachedPath(SERVERS.temporal, env));
    expect(findServer('temporal', env)).toBe(cached);
    mkdirSync(join(folder, 'none', 'temporal'), { recursive: true });
    expect(findServer('temporal', env)).toBe(cached);
    const onPath = executable(join(folder, 'bin', 'temporal'));
    expect(findServer('temporal', env)).toBe(onPath);
  });

  it('names the archive of each platform', () => {
    expect(SERVERS.temporal.archive('darwin', 'arm64')).toBe('temporal_cli_1.5.1_darwin_arm64.tar.gz');
    expect(SERVERS.temporal.archive('linux', 'x64')).toBe('temporal_cli_1.5.1_linux_amd64.tar.gz');
    expect(SERVERS.versitygw.archive('darwin', 'arm64')).toBe('versitygw_v1.8.0_Darwin_arm64.tar.gz');
    expect(SERVERS.versitygw.archive('linux', 'x64')).toBe('versitygw_v1.8.0_Linux_x86_64.tar.gz');
  });
});
