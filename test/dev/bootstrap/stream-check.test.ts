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
  it('is content with an event stream, and says who asks', async () => {
    let userAgent: string | undefined;
    const url = await temporaryServer((request, response) => {
      userAgent = request.headers['user-agent'];
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write(':ok\n\n');
    });
    expect(await problem(url)).toBe('');
    expect(userAgent).toBe(contact);
  });

  it.each([
    [403, {}, 'is there and refuses us (403). It wants a contact in USER_AGENT'],
    [429, { 'retry-after': '120' }, 'is there and asks us to slow down (429), for 120 s'],
    [503, {}, 'is there and has a problem of its own (503)'],
    [404, {}, 'is there and answers 404. Is EVENTSTREAMS_URL right?'],
    [200, { 'content-type': 'text/html' }, 'answers with text/html instead of an event stream'],
  ])('tells %d from an unreachable host', async (status, headers, text) => {
    const message = await problem(await answer(status, headers));
    expect(message).toContain(text);
    expect(message).toContain('npm run demo');
  });

  it('says when there is no way to the host', async () => {
    const free = await freePort();
    const message = await problem(`http://127.0.0.1:${free}/stream`);
    expect(message).toContain(`No way to 127.0.0.1:${free} from this machine (ECONNREFUSED)`);
    expect(message).toContain('npm run demo');
  });

  it('gives up on a host that does not answer', async () => {
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
    expect(await checkStream(root, { EVENTSTREAMS_URL: 'no address' })).toEqual({ kind: 'usable' });
  });
});
