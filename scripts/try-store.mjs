/**
 * What an S3 can do of what wikigauge needs, through the product's own client (after `npm run build`). Settings are those
 * of a worker: BUCKET, AWS_ENDPOINT_URL, AWS_REGION and credentials. It writes below `try-store/` of the bucket, and
 * prints one line a question. docs/stores.md has the answers of the servers that were tried.
 */
/** @param {string} name of a compiled module */
const compiled = name => import(new URL(`../dist/src/store/${name}.js`, import.meta.url).href);
const { openS3 } = await compiled('s3');
const { listKeys } = await compiled('list-keys');

const {
  BUCKET: bucket = 'try-store',
  AWS_REGION: region = 'us-east-1',
  AWS_ENDPOINT_URL: endpoint,
} = process.env;
const prefix = `try-store/${Date.now()}/`;
const store = openS3({ bucket, region, endpoint }, prefix);
const text = { contentType: 'text/plain' };
/** @param {string} words */
const bytes = words => new TextEncoder().encode(words);
const ODD = ['a b+c%20d', 'ü/é', 'tab\tbell\u0007', "it's&<x>", 'x=1/y=2'];
const LARGE = Buffer.alloc(40 << 20, 7);

/**
 * @param {boolean} isTrue
 * @param {string} what
 */
function must(isTrue, what) {
  if (!isTrue) throw new Error(what);
}

const QUESTIONS = {
  'bucket, If-None-Match': () => store.prepare('probe'),
  'If-Match': () => store.prepareVersions('probe'),
  'one of 16 creators wins': async () => {
    const puts = Array.from({ length: 16 }, (_, at) => store.putIfAbsent('race', bytes(`${at}`), text));
    const won = (await Promise.all(puts)).filter(outcome => outcome === 'created').length;
    must(won === 1, `${won} won`);
  },
  'one of 16 replacers wins': async () => {
    const etag = await store.replace('swap', undefined, bytes('first'), text);
    const puts = Array.from({ length: 16 }, (_, at) => store.replace('swap', etag, bytes(`${at}`), text));
    const won = (await Promise.all(puts)).filter(tag => tag !== undefined).length;
    must(won === 1, `${won} won`);
  },
  metadata: async () => {
    await store.putIfAbsent('meta', bytes('x'), {
      ...text,
      metadata: { source: 'https://a.test/?b', events: '7' },
    });
    const { metadata } = (await store.get('meta')) ?? {};
    must(metadata?.source === 'https://a.test/?b' && metadata.events === '7', JSON.stringify(metadata));
  },
  'listed at once, with the tag of a read': async () => {
    for (let at = 0; at < 20; at += 1) {
      await store.putIfAbsent(`list/${at}`, bytes(`${at}`), text);
      for await (const page of store.listObjects(`list/${at}`)) {
        const found = page.find((/** @type {{ key: string }} */ { key }) => key === `list/${at}`);
        must(found?.etag === (await store.read(`list/${at}`))?.etag, `${at}: ${found?.etag}`);
      }
    }
    must((await listKeys(store, 'list/')).length === 20, 'not all are listed');
  },
  'listing after a key, in order': async () => {
    const keys = [];
    for await (const page of store.list('list/', 'list/15')) keys.push(...page);
    must(
      keys.join() ===
        [6, 7, 8, 9]
          .reduce(
            (all, at) => [...all, `list/${at}`],
            [16, 17, 18, 19, 2, 3, 4, 5].map(at => `list/${at}`),
          )
          .join(),
      keys.join(),
    );
  },
  'pages of more than 1,000 keys': async () => {
    const names = Array.from({ length: 1_050 }, (_, at) => `many/${at}`);
    for (let at = 0; at < names.length; at += 50)
      await Promise.all(names.slice(at, at + 50).map(name => store.putIfAbsent(name, bytes('x'), text)));
    must((await listKeys(store, 'many/')).length === names.length, 'not all are listed');
  },
  folders: async () => {
    for (const name of ['d/yyyy=2026/x', 'd/yyyy=2027/x', 'd/file'])
      await store.putIfAbsent(name, bytes('x'), text);
    const names = await store.folders('d/');
    must(names.join() === 'yyyy=2026/,yyyy=2027/', names.join());
  },
  'a range of a version': async () => {
    const etag = (await store.replace('range', undefined, bytes('0123456789'), text)) ?? '';
    must(Buffer.from((await store.readRange('range', etag, 2, 5)) ?? []).toString() === '234', 'other bytes');
    await store.replace('range', etag, bytes('9876543210'), text);
    must(
      (await store.readRange('range', etag, 2, 5)) === undefined,
      'the range of another version is answered',
    );
  },
  'an object of 40 MiB in one PUT': async () => {
    await store.putIfAbsent('large', LARGE, text);
    must(LARGE.equals((await store.get('large'))?.body ?? bytes('')), 'other bytes');
  },
  'odd names': async () => {
    for (const name of ODD) {
      await store.putIfAbsent(`odd/${name}`, bytes(name), text);
      must(
        Buffer.from((await store.get(`odd/${name}`))?.body ?? []).toString() === name,
        `${name} is not read back`,
      );
    }
    const listed = await listKeys(store, 'odd/');
    const lacks = ODD.filter(name => !listed.includes(`odd/${name}`));
    must(lacks.length === 0, `the listing lacks ${JSON.stringify(lacks)}`);
  },
  'absent objects': async () => {
    must((await store.get('absent')) === undefined, 'found');
    await store.remove('absent');
  },
};

let failed = 0;
for (const [question, ask] of Object.entries(QUESTIONS)) {
  try {
    await ask();
    console.log(`yes  ${question}`);
  } catch (error) {
    failed += 1;
    console.log(`NO   ${question}: ${String(error).slice(0, 300)}`);
  }
}
// What an Object Lock retains, or a store that cannot list has, stays.
await listKeys(store, '')
  .then((/** @type {string[]} */ keys) => Promise.all(keys.map(key => store.remove(key))))
  .catch(() => undefined);
store.close();
process.exitCode = failed === 0 ? 0 : 1;
