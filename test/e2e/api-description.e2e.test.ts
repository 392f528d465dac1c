/**
 * The OpenAPI description says what the API does. schemathesis, which knows nothing but the description, asks each route
 * for what it allows and for what it forbids; every answer is one that the description has, from both places of gold.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../dev/stack/ports.ts';
import { streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import { MINUTE_MS, hourOf, isoMs } from '../../src/core/time.ts';
import { isLong } from '../support/form.ts';
import { startProcess } from '../support/processes.ts';
import { examineApi } from '../support/schemathesis.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const WIKIS = ['enwiki', 'dewiki', 'wikidatawiki', 'zh_classicalwiki'];
const MINUTES = 180;
const LIMIT_MS = isLong ? 1_800_000 : 600_000;

let world: World;

beforeAll(async () => {
  world = await openWorld({ gold: 'postgres,s3' });
  const { gold } = world;
  const now = Math.floor(Date.now() / MINUTE_MS) * 60;
  const minutes = Array.from({ length: MINUTES }, (_, i) => now - i * 60);
  const source = { url: 'http://stream/', simulated: true };
  for (const [sequence, hour] of [...new Set(minutes.map(hourOf))].entries()) {
    const rows = minutes
      .filter(minute => hourOf(minute) === hour)
      .flatMap(minute =>
        WIKIS.flatMap(wiki =>
          [false, true].map(isBot => ({ minute, wiki, isBot, edits: 1 + (minute % 7), bytesChange: -20 })),
        ),
      );
    await gold.apply({ key: streamPartKey(hour, sequence + 1, 'attempt'), hour, rows, source });
  }
  const stretch = { from: isoMs((now - 3_600) * 1000), to: isoMs((now - 1_800) * 1000) };
  await gold.recordGap({ id: 'a', cause: 'offsets', topic: 'a topic', missing: 3, ...stretch });
  await gold.recordCoverage({ id: 'b', source: 'api', wikis: ['enwiki'], ...stretch });
});
afterAll(() => world.close());

test.each(['postgres', 's3'])(
  'every answer is described, with gold in %s',
  async place => {
    const port = await freePort();
    const api = await startProcess(world, 'api', {
      // Without a token, what changes something answers 403, whoever asks.
      env: {
        GOLD: place,
        PORT: String(port),
        ADMIN_TOKEN: 'a-token-for-this-test',
        // All questions come from one address, and 429 would hide their answers.
        RATE_LIMIT_PER_MINUTE: '0',
      },
      name: `api-${place}`,
    });
    try {
      const report = await examineApi(
        `http://127.0.0.1:${port}`,
        isLong ? { examples: 200 } : { examples: 20, seed: 7 },
      );
      expect(report).toMatch(/Operations: +\d+ selected/);
    } finally {
      await api.stop();
    }
  },
  LIMIT_MS,
);
