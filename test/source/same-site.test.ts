/** Redirects are followed within a site only, and nothing of another one is read. */
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isWikimediaHost } from '../../src/contracts/wikimedia.ts';
import { fetchOnSite } from '../../src/source/same-site.ts';

const signal = new AbortController().signal;
const servers: Server[] = [];

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  vi.unstubAllGlobals();
  for (const server of servers.splice(0)) server.close();
});

describe('a redirect', () => {
  let asked: IncomingMessage[];
  let site: string;
  let elsewhere: string;
  let askedElsewhere: number;
  beforeEach(async () => {
    asked = [];
    askedElsewhere = 0;
    site = await listen((request, response) => {
      asked.push(request);
      const location = new URL(request.url ?? '', 'http://x').searchParams.get('to');
      if (location === null) response.end('here');
      else response.writeHead(302, { location }).end('moved');
    });
    elsewhere = await listen((_, response) => {
      askedElsewhere += 1;
      response.end('what is meant for nobody else');
    });
  });

  const get = (path: string, base = site) =>
    fetchOnSite(`${base}${path}`, { headers: { 'X-Own': 'yes' }, signal });

  test('within the server is followed with all headers', async () => {
    expect(await (await get('/a?to=/b')).text()).toBe('here');
    expect(asked.map(({ url }) => url)).toEqual(['/a?to=/b', '/b']);
    expect(asked[1]?.headers).toMatchObject({ 'x-own': 'yes' });
  });

  test.each([
    ['another port', () => elsewhere],
    ['another host', () => 'http://169.254.169.254/latest/meta-data'],
    ['another protocol', () => 'ftp://127.0.0.1/'],
    ['a file', () => 'file:///etc/passwd'],
    ['what is no address', () => 'http://[/'],
  ])('to %s is refused, with advice, and without a request', async (_, to) => {
    const failure: unknown = await get(`/a?to=${encodeURIComponent(to())}`).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'source_refused',
      retryable: true,
      hint: expect.stringContaining('within the same site'),
    });
    expect(String(failure)).not.toContain('latest/meta-data');
    expect(askedElsewhere).toBe(0);
  });

  test('in circles ends', async () => {
    const failure: unknown = await get('/a?to=/a%3Fto=/a').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Response);
    const circle = await listen((_, response) => void response.writeHead(302, { location: '/' }).end());
    await expect(get('/', circle)).rejects.toMatchObject({ code: 'source_unreachable' });
  });

  test('keeps user and password of the address for its own server, as a header', async () => {
    const address = site.replace('http://', 'http://me:s3cret@');
    await get('/a?to=/b', address);
    for (const { headers, url } of asked) {
      expect(headers.authorization).toBe(`Basic ${Buffer.from('me:s3cret').toString('base64')}`);
      expect(url).not.toContain('s3cret');
    }
  });
});

describe('within Wikimedia', () => {
  const answers = (locations: Readonly<Record<string, string>>) => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: string, { headers }: { headers: Record<string, string> }) => {
      asked.push(`${url}${headers['Authorization'] === undefined ? '' : ' with a password'}`);
      const location = locations[url];
      return location === undefined
        ? new Response('here')
        : new Response(null, { status: 301, headers: { location } });
    });
    return asked;
  };
  const get = (url: string) => fetchOnSite(url, { headers: {}, signal });

  test('a redirect to another of its hosts is followed, without the password of the first', async () => {
    const asked = answers({ 'https://stream.wikimedia.org/a': 'https://stream2.wikimedia.org/b' });
    await get('https://me:s3cret@stream.wikimedia.org/a');
    expect(asked).toEqual([
      'https://stream.wikimedia.org/a with a password',
      'https://stream2.wikimedia.org/b',
    ]);
  });

  test('a redirect from http to https is followed, and back is not', async () => {
    answers({
      'http://example.org/': 'https://example.org/',
      'https://en.wikipedia.org/': 'http://en.wikipedia.org/',
    });
    expect(await (await get('http://example.org/')).text()).toBe('here');
    await expect(get('https://en.wikipedia.org/')).rejects.toMatchObject({ code: 'source_refused' });
  });

  test.each([
    'https://evil.example/',
    'https://en.wikipedia.org.evil.example/',
    'https://en.wikipedia.org:8443/',
  ])('a redirect to %s is refused', async to => {
    const asked = answers({ 'https://en.wikipedia.org/': to });
    await expect(get('https://en.wikipedia.org/')).rejects.toMatchObject({ code: 'source_refused' });
    expect(asked).toHaveLength(1);
  });
});

test.each([
  ['en.wikipedia.org', true],
  ['wikipedia.org', true],
  ['EN.Wikipedia.org', true],
  ['www.wikidata.org', true],
  ['evilwikipedia.org', false],
  ['wikipedia.org.evil.example', false],
  ['127.0.0.1', false],
])('%s is a host of Wikimedia: %s', (host, is) => expect(isWikimediaHost(host)).toBe(is));
