/** ① The list of wikis, from a site matrix in either format and with unknown content. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ActionApi } from '../../../src/source/action-api/client.ts';
import { readSites } from '../../../src/source/action-api/sitematrix.ts';
import { ApiServer } from './api-server.ts';

let server: ApiServer;
let api: ActionApi;
beforeEach(async () => {
  server = await ApiServer.start();
  const { signal } = new AbortController();
  api = { urlTemplate: server.template, userAgent: 'test/1.0 (test@example.org)', signal };
});
afterEach(async () => server.close());

const EN = { url: 'https://en.wikipedia.org', dbname: 'enwiki' };
const COMMONS = { url: 'https://commons.wikimedia.org', dbname: 'commonswiki' };

async function sitesOf(sitematrix: unknown): Promise<unknown> {
  server.reply = () => ({ body: { sitematrix } });
  return readSites(api);
}

/** Names of the wikis among these special ones; `enwiki` is there besides. */
async function wikisAmong(...specials: unknown[]): Promise<string[]> {
  server.reply = () => ({ body: { sitematrix: { count: 2, '0': { site: [EN] }, specials } } });
  return (await readSites(api)).map(({ wiki }) => wiki).filter(wiki => wiki !== 'enwiki');
}

describe('the site matrix', () => {
  test('is requested from the meta wiki, with only the needed fields', async () => {
    await sitesOf({ specials: [EN] });
    expect(server.asked[0]?.url.pathname).toBe('/meta.wikimedia.org/w/api.php');
    expect(server.questions).toEqual([
      {
        format: 'json',
        formatversion: '2',
        maxlag: '5',
        action: 'sitematrix',
        smlangprop: 'site',
        smsiteprop: 'url|dbname',
        smlimit: 'max',
      },
    ]);
  });

  test('of formatversion 2 has languages and specials', async () => {
    const matrix = {
      count: 996,
      '0': {
        code: 'aa',
        name: 'Qafár af',
        site: [
          { ...EN, url: 'https://aa.wikipedia.org', dbname: 'aawiki', closed: true },
          { url: 'https://aa.wiktionary.org', dbname: 'aawiktionary', code: 'wiktionary', closed: false },
        ],
        dir: 'ltr',
      },
      '137': { code: 'en', site: [{ ...EN, sitename: 'Wikipedia' }] },
      '999': { code: 'xx', site: [] },
      specials: [COMMONS],
    };
    expect(await sitesOf(matrix)).toEqual([
      { wiki: 'aawiki', serverName: 'aa.wikipedia.org', isClosed: true },
      { wiki: 'aawiktionary', serverName: 'aa.wiktionary.org', isClosed: false },
      { wiki: 'enwiki', serverName: 'en.wikipedia.org', isClosed: false },
      { wiki: 'commonswiki', serverName: 'commons.wikimedia.org', isClosed: false },
    ]);
  });

  test('of formatversion 1 has empty strings as flags', async () => {
    const closed = { url: 'https://aa.wikipedia.org', dbname: 'aawiki', closed: '' };
    const secret = { url: 'https://office.wikimedia.org', dbname: 'officewiki', private: '' };
    const shown = { url: 'https://foundation.wikimedia.org', dbname: 'foundationwiki', fishbowl: '' };
    expect(await sitesOf({ '0': { site: [closed] }, specials: [secret, shown, COMMONS] })).toEqual([
      { wiki: 'aawiki', serverName: 'aa.wikipedia.org', isClosed: true },
      { wiki: 'commonswiki', serverName: 'commons.wikimedia.org', isClosed: false },
    ]);
  });

  test.each(['private', 'fishbowl'])('leaves out %s wikis, among languages and specials', async flag => {
    expect(await wikisAmong({ ...COMMONS, [flag]: true })).toEqual([]);
    expect(await wikisAmong({ ...COMMONS, [flag]: false })).toEqual(['commonswiki']);
    expect(await sitesOf({ '0': { site: [{ ...COMMONS, [flag]: true }, EN] } })).toHaveLength(1);
  });

  test('keeps wikis that are only not global', async () => {
    expect(await wikisAmong({ ...COMMONS, nonglobal: true })).toEqual(['commonswiki']);
  });

  test.each([
    ['https', 'https://commons.wikimedia.org'],
    ['http', 'http://commons.wikimedia.org'],
    ['no', '//commons.wikimedia.org'],
    ['https and a path and a port', 'https://Commons.wikimedia.org:443/w/'],
  ])('takes addresses with %s protocol', async (_, url) => {
    expect(await sitesOf({ specials: [{ ...COMMONS, url }] })).toEqual([
      { wiki: 'commonswiki', serverName: 'commons.wikimedia.org', isClosed: false },
    ]);
  });

  test.each([
    ['no name', { ...COMMONS, dbname: undefined }],
    ['a name that none has', { ...COMMONS, dbname: 'Commons-wiki' }],
    ['a name that is a number', { ...COMMONS, dbname: 5 }],
    ['no address', { ...COMMONS, url: undefined }],
    ['an address that is none', { ...COMMONS, url: 'commons' }],
    ['an address without a host', { ...COMMONS, url: 'data:x' }],
    ['nothing at all', {}],
    ['null', null],
    ['text', 'commonswiki'],
  ])('leaves out a site with %s, and that one only', async (_, site) => {
    expect(await wikisAmong(site)).toEqual([]);
  });

  test('is read past unknown keys and shapes', async () => {
    const matrix = {
      count: 3,
      version: 2,
      more: { site: [COMMONS] },
      '0': { site: { '0': EN, '2': COMMONS } },
      '1': null,
      '2': { site: 'none' },
      '3': [],
      specials: { '4': { url: 'https://meta.wikimedia.org', dbname: 'metawiki' } },
    };
    const sites = (await sitesOf(matrix)) as { wiki: string }[];
    expect(sites.map(({ wiki }) => wiki)).toEqual(['enwiki', 'commonswiki', 'metawiki']);
    expect(await sitesOf({ '0': { site: [EN] }, more: { site: [COMMONS] } })).toHaveLength(1);
  });

  test('of several pages is read to the end, each wiki once', async () => {
    server.reply = url => {
      const isFirst = url.searchParams.get('smcontinue') === null;
      return isFirst
        ? {
            body: {
              continue: { smcontinue: 'language|1', continue: '-||' },
              sitematrix: { '0': { site: [EN] } },
            },
          }
        : { body: { sitematrix: { '0': { site: [EN] }, specials: [COMMONS] } } };
    };
    expect((await readSites(api)).map(({ wiki }) => wiki)).toEqual(['enwiki', 'commonswiki']);
    expect(server.questions[1]).toMatchObject({ smcontinue: 'language|1', continue: '-||' });
    expect(server.asked).toHaveLength(2);
  });

  test.each([[{}], [{ sitematrix: {} }], [{ sitematrix: [] }], [{ sitematrix: { count: 0, specials: [] } }]])(
    'without a wiki is refused: %j',
    async body => {
      server.reply = () => ({ body });
      await expect(readSites(api)).rejects.toMatchObject({ code: 'source_unreachable', retryable: true });
    },
  );
});
