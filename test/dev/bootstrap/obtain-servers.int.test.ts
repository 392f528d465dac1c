import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { obtainServers } from '../../../dev/bootstrap/obtain-servers.mjs';
import { createProgress } from '../../../dev/bootstrap/progress.mjs';
import { SERVERS } from '../../../dev/bootstrap/servers.mjs';
import { temporaryFolder, temporaryServer } from '../../support/temporary.ts';

const archiveName = SERVERS.temporal.archive(process.platform, process.arch);

/** A release page with one archive, whose program is inside a folder. */
async function releasePage(
  options: { checksum?: string; program?: string; checksums?: (response: ServerResponse) => void } = {},
) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'temporal_1'));
  const program = options.program ?? '#!/bin/sh\necho temporal version 1\n';
  writeFileSync(join(folder, 'temporal_1', 'temporal'), program, { mode: 0o755 });
  execFileSync('tar', ['-czf', join(folder, 'a.tar.gz'), '-C', folder, 'temporal_1']);
  const archive = readFileSync(join(folder, 'a.tar.gz'));
  const checksum = options.checksum ?? createHash('sha256').update(archive).digest('hex');
  const requests: string[] = [];
  const url = await temporaryServer((request, response) => {
    requests.push(request.url ?? '');
    if (request.url === '/checksums.txt' && options.checksums !== undefined) options.checksums(response);
    else if (request.url === '/checksums.txt')
      response.end(`0000  other.tar.gz\n${checksum}  ${archiveName}\n`);
    else if (request.url === `/${archiveName}`) response.end(archive);
    else response.writeHead(404).end();
  });
  return { url, requests };
}

/** A user with an empty cache, and a PATH with no server and a Go that is too old. */
function user() {
  const folder = temporaryFolder();
  const bin = join(folder, 'path');
  mkdirSync(bin);
  writeFileSync(join(bin, 'go'), "#!/bin/sh\nprintf 'go1.19.8\\nlocal\\n'\n", { mode: 0o755 });
  const lines: string[] = [];
  return {
    bin,
    cache: join(folder, 'wikigauge', 'bin'),
    env: { PATH: bin, XDG_CACHE_HOME: folder, HOME: folder },
    lines,
    progress: createProgress({ write: text => lines.push(text) }),
  };
}

const NOWHERE = 'http://127.0.0.1:9/no-release';

describe('obtainServers', () => {
  it('downloads the release archive into the cache, once', async () => {
    const { url, requests } = await releasePage();
    const { env, progress, cache, lines } = user();
    const first = await obtainServers(['temporal'], { env, progress, releases: url });
    expect(first.temporal).toBe(join(cache, 'temporal-1.5.1'));
    expect(execFileSync(first.temporal ?? '', { encoding: 'utf8' })).toBe('temporal version 1\n');
    expect(lines.join('')).toMatch(/temporal 1.5.1: downloading .* \(once\)\ntemporal 1.5.1: downloaded in /);
    const lineCount = lines.length;
    expect(await obtainServers(['temporal'], { env, progress, releases: url })).toEqual(first);
    expect(requests).toHaveLength(2);
    expect(lines).toHaveLength(lineCount);
    expect(readdirSync(cache)).toEqual(['temporal-1.5.1']);
  });

  it('downloads once for several concurrent callers', async () => {
    const { url, requests } = await releasePage();
    const { env, progress } = user();
    const asking = Array.from({ length: 5 }, () =>
      obtainServers(['temporal'], { env, progress, releases: url }),
    );
    expect(new Set((await Promise.all(asking)).map(found => found.temporal)).size).toBe(1);
    expect(requests).toHaveLength(2);
  });

  it('builds with Go and the user’s Go settings when no archive is available', async () => {
    const { env, progress, bin, cache, lines } = user();
    // Instead of a build that takes minutes: writes a program that prints its settings into GOBIN.
    writeFileSync(
      join(bin, 'go'),
      `#!/bin/sh
       case $1 in
       env) printf 'go1.26.8\\nlocal\\n';;
       install) echo "example.org/package" >&2; printf '#!/bin/sh\\necho %s %s\\n' "$GOFLAGS" "$GOOS" > "$GOBIN/temporal"; /bin/chmod +x "$GOBIN/temporal";;
       esac\n`,
      { mode: 0o755 },
    );
    const { temporal } = await obtainServers(['temporal'], {
      env: { ...env, GOFLAGS: '-buildvcs=false', GOOS: 'plan9' },
      progress,
      releases: NOWHERE,
    });
    expect(temporal).toBe(join(cache, 'temporal-1.5.1'));
    expect(execFileSync(temporal ?? '', { encoding: 'utf8' })).toBe('-buildvcs=false\n');
    expect(lines.join('')).toMatch(/building with Go \(once, about .* on \d+ cores?\)/);
    expect(readdirSync(cache)).toEqual(['temporal-1.5.1']);
  });

  it.each([
    ['an archive with a wrong checksum', { checksum: 'ab'.repeat(32) }, 'the release lists abab'],
    [
      'an archive whose checksums are missing',
      { checksums: (response: ServerResponse) => void response.writeHead(404).end() },
      'an unchecked program is not run',
    ],
    [
      'an archive that the checksums do not list',
      { checksums: (response: ServerResponse) => void response.end('0000  other.tar.gz\n') },
      'an unchecked program is not run',
    ],
    ['a program that does not run', { program: '#!/no/such/shell\n' }, 'ENOENT'],
  ])('refuses %s', async (_what, page, text) => {
    const { url } = await releasePage(page);
    const { env, progress, cache } = user();
    const obtaining = obtainServers(['temporal'], { env, progress, releases: url });
    await expect(obtaining).rejects.toThrow(text);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('says for every server what was tried and how to fix it', async () => {
    const { env, progress, bin } = user();
    const obtaining = obtainServers(['temporal', 'versitygw'], { env, progress, releases: NOWHERE });
    const message = await obtaining.catch((error: unknown) => (error instanceof Error ? error.message : ''));
    expect(message).toContain('temporal 1.5.1 is not on PATH and could not be obtained:');
    expect(message).toContain(`release archive ${NOWHERE}/${archiveName}: `);
    expect(message).toContain(`${join(bin, 'go')} is go1.19.8; needs Go 1.25 or newer`);
    expect(message).toContain('TEMPORAL_ADDRESS=localhost:7233');
    expect(message).toContain('versitygw 1.8.0 is not on PATH');
    expect(message).toContain('AWS_ENDPOINT_URL=http://localhost:9000');
  });
});
