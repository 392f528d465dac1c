/** The feeds are what two independent libraries take for valid Atom and JSON Feed. Needs no server, but Python packages. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { MemoryGold } from './memory-gold.ts';
import { anomalyOf } from './recorded.ts';
import { pythonPackage } from '../support/python-packages.ts';

const execute = promisify(execFile);
const START = Date.parse('2026-11-20T09:00:00Z') / 1000;

/** `atoma` refuses what lacks a required element; `feedparser` says what is not well formed. */
const READ = `
import base64, json, sys
import atoma, feedparser
body = base64.b64decode(sys.argv[2])
if sys.argv[1] == 'atom':
    feed = atoma.parse_atom_bytes(body)
    parsed = feedparser.parse(body, response_headers={'content-type': 'application/atom+xml; charset=utf-8'})
    print(json.dumps({
        'problem': str(parsed.get('bozo_exception', '')), 'version': parsed.version,
        'id': feed.id_, 'title': feed.title.value, 'updated': feed.updated.isoformat(), 'authors': [a.name for a in feed.authors],
        'links': [l.href for l in feed.links],
        'entries': [[e.id_, e.title.value, e.content.value, e.updated.isoformat(), e.links[0].href] for e in feed.entries],
    }))
else:
    feed = atoma.parse_json_feed_bytes(body)
    print(json.dumps({
        'version': feed.version, 'title': feed.title, 'url': feed.feed_url,
        'entries': [[i.id_, i.title, i.content_text, i.date_modified.isoformat(), i.url] for i in feed.items],
    }))
`;

let gold: MemoryGold;
let app: FastifyInstance;
let folders: string;
beforeAll(async () => {
  folders = [
    await pythonPackage({ name: 'atoma', version: '0.0.17' }),
    await pythonPackage({ name: 'feedparser', version: '6.0.14' }),
  ].join(':');
  gold = new MemoryGold();
  const now = (): number => Date.parse('2026-11-20T10:05:42Z');
  app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now });
});
afterAll(() => app.close());

async function read<T>(format: 'atom' | 'json', url: string): Promise<T> {
  const { body } = await app.inject({ url, headers: { host: 'edits.example.org' } });
  const input = Buffer.from(body).toString('base64');
  const options = { env: { ...process.env, PYTHONPATH: folders } };
  const { stdout } = await execute('python3', ['-c', READ, format, input], options);
  return JSON.parse(stdout) as T;
}

interface Read {
  readonly entries: readonly (readonly string[])[];
}

test('without an entry', async () => {
  gold.setAnomalies();
  expect(await read('atom', '/feeds/enwiki.atom')).toMatchObject({
    problem: '',
    version: 'atom10',
    id: 'urn:wikigauge:feed:enwiki',
    authors: ['wikigauge'],
    entries: [],
  });
  expect(await read('json', '/feeds/enwiki.json')).toMatchObject({
    version: 'https://jsonfeed.org/version/1.1',
    entries: [],
  });
});

test('with entries, which both formats have alike', async () => {
  const sentence = 'Up to 40 accounts changed “A & B < C > "D" 🌙 中文”: probably news.';
  gold.setAnomalies(
    anomalyOf({ reason: { kind: 'news_burst', sentence } }),
    ...Array.from({ length: 6 }, (_, i) =>
      anomalyOf({ id: `many ${i}`, wiki: `w${i}wiki`, from: START - 7_200 }),
    ),
    anomalyOf({ id: 'open', wiki: 'dewiki', from: START - 86_400, to: null, reason: undefined }),
  );
  const atom = await read<Read>('atom', '/feeds/anomalies.atom');
  expect(atom).toMatchObject({
    problem: '',
    version: 'atom10',
    updated: '2026-11-20T10:00:00+00:00',
    links: ['http://edits.example.org/feeds/anomalies.atom', 'http://edits.example.org/'],
  });
  expect(atom.entries).toHaveLength(3);
  expect(atom.entries[0]?.[2]).toContain(sentence);
  const json = await read<Read>('json', '/feeds/anomalies.json');
  expect(json.entries).toEqual(atom.entries);
});
