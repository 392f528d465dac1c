/** The memory of the API while many ask for a year at once, from a gold that has one. */
import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import * as consumers from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { freePort } from '../../dev/stack/ports.ts';
import { DAY_MS, MINUTE_MS, isoMs } from '../../src/core/time.ts';
import { GOLD_ALONE } from '../support/form.ts';
import { writeDays } from '../support/gold-year.ts';
import { peakRssMb } from '../support/peak-rss.ts';
import { startProcess } from '../support/processes.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const MAX_RSS_MB = 250;
const WIKIS = ['enwiki', 'dewiki'];
/** Whom nobody asks about, with an edit an hour each: a day has many names. */
const OTHERS = Array.from({ length: 50 }, (_, at) => `other${at}wiki`);
const DAYS = 365;
const AT_ONCE = 20;

/** By gold itself, this would take as long as a year of ingest takes at its fastest. */
const FILL: Readonly<Record<'postgres' | 's3', (world: World, fromMs: number) => Promise<void>>> = {
  async postgres({ sql }, fromMs) {
    await sql.query(
      `insert into gold.edits_per_min (ts_minute, wiki, is_bot, edits, bytes_change)
       select to_timestamp(minute), wiki, false, 1 + minute::bigint / 60 % 90, 100
       from generate_series($1::bigint, $2::bigint - 60, 60) minute, unnest($3::text[]) wiki`,
      [fromMs / 1000, (fromMs + DAYS * DAY_MS) / 1000, WIKIS],
    );
  },
  async s3({ store }, fromMs) {
    await writeDays(store, fromMs, DAYS, minute => {
      const edits = 1 + ((minute / 60) % 90);
      const wikis = minute % 3_600 === 0 ? [...WIKIS, ...OTHERS] : WIKIS;
      return wikis.map(wiki => ({ minute, wiki, isBot: false, edits, bytesChange: 100 }));
    });
  },
};

test.each(GOLD_ALONE)(
  'twenty questions for a year at once are all answered, in 250 MB, with gold in %s',
  async place => {
    const world = await openWorld({ gold: place });
    // Whole days, the last of which has ended.
    const toMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const fromMs = toMs - DAYS * DAY_MS;
    await FILL[place](world, fromMs);
    const port = await freePort();
    const api = await startProcess(world, 'api', { env: { PORT: String(port) } });
    try {
      const range = `from=${isoMs(fromMs)}&to=${isoMs(toMs)}`;
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, i) => {
          const wiki = i % 4 === 0 ? WIKIS.join() : WIKIS[i % 2];
          const isText = i % 3 === 0;
          const url = `http://127.0.0.1:${port}/api/v1/series?wiki=${wiki}&${range}&format=${isText ? 'csv' : 'json'}`;
          const { status, retryAfter, text } = await patientFetch(url);
          // A busy machine may refuse some, but says when to ask again.
          if (status !== 200) return retryAfter === undefined ? status : 'good';
          return isText || knownMinutes(text) === (DAYS * DAY_MS) / MINUTE_MS ? 'good' : text.slice(0, 500);
        }),
      );
      const peakMb = await peakRssMb(api.pid);
      console.log(
        `${AT_ONCE} questions for a year at once, gold in ${place}: peak RSS of the API ${peakMb} MB`,
      );
      expect(answers).toEqual(answers.map(() => 'good'));
      expect(peakMb).toBeLessThanOrEqual(MAX_RSS_MB);
      const health = await fetch(`http://127.0.0.1:${port}/healthz`);
      expect(health.status).toBe(200);
    } finally {
      await api.stop();
      await world.close();
    }
  },
  1_800_000,
);

/** Of the first wiki of an answer: every minute of the range has edits, so each is known. */
function knownMinutes(text: string): number {
  const { wikis } = JSON.parse(text) as { wikis: readonly { known: readonly number[] }[] };
  return wikis[0]?.known.reduce((sum, known) => sum + known, 0) ?? 0;
}

/** `fetch` gives up after five minutes without an answer, which is no time for a busy machine. */
async function patientFetch(
  url: string,
): Promise<{ status: number | undefined; retryAfter: string | undefined; text: string }> {
  const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
  return {
    status: answer.statusCode,
    retryAfter: answer.headers['retry-after'],
    text: await consumers.text(answer),
  };
}
