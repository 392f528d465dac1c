import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../dev/stack/ports.ts';
import { checkStream } from '../../../dev/bootstrap/stream-check.mjs';
import { temporaryFolder, temporaryServer } from '../../support/temporary.ts';

const contact = 'wikigauge/1 (https://example.org; me@example.org)';

async function answer(status: number, headers: Record<string, string> = {}): Promise<string> {
  return temporaryServer((_request, response) => response.writeHead(status, headers).end());
}

async function problem(url: string, limitMs?: number): Promise<string> {
  const check = await checkStream('/nowhere', { EVENTSTREAMS_URL: url, USER_AGENT: contact }, limitMs);
  return check.kind === 'unusable' ? check.message : '';
}

describe('checkStream', () => {
  it('accepts an event stream, and sends the user agent', async () => {
    let userAgent: string | undefined;
    const url = await temporaryServer((request, response) => {
      userAgent = request.headers['user-agent'];
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write(':ok\n\n');
    });
    expect(await problem(url)).toBe('');
    expect(userAgent).toBe(contact);
  });

  it.each([
    [403, {}, 'refuses this client (403). It requires contact details in USER_AGENT'],
    [
      429,
      { 'retry-after': '120' },
      'asks this client to slow down (429). Use a single connection, and try again in 120 s.',
    ],
    [503, {}, 'has a server error (503)'],
    [404, {}, 'responds with 404. Check EVENTSTREAMS_URL.'],
    [200, { 'content-type': 'text/html' }, 'responds with text/html instead of an event stream'],
  ])('explains status %d', async (status, headers, text) => {
    const message = await problem(await answer(status, headers));
    expect(message).toContain(text);
    expect(message).toContain('npm run demo');
  });

  it('reports an unreachable host', async () => {
    const free = await freePort();
    const message = await problem(`http://127.0.0.1:${free}/stream`);
    expect(message).toContain(`Cannot reach 127.0.0.1:${free} (ECONNREFUSED)`);
    expect(message).toContain('npm run demo');
  });

  it('gives up on a host that does not respond', async () => {
    const url = await temporaryServer(() => {});
    expect(await problem(url, 50)).toContain('within 0.05 s');
  });

  it('takes the default address from the generated example', async () => {
    const root = temporaryFolder();
    const url = await answer(503);
    writeFileSync(
      join(root, '.env.example'),
      `# The stream.\n# EVENTSTREAMS_URL=${url}/v2\nUSER_AGENT='x/1 (y@z.org)'\n`,
    );
    expect(await checkStream(root, {})).toMatchObject({
      kind: 'unusable',
      message: expect.stringContaining(`${url}/v2`),
    });
    expect(await checkStream(root, { EVENTSTREAMS_URL: 'not an address' })).toEqual({ kind: 'usable' });
  });
});
