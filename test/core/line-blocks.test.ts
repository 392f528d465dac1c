/** ⑤ Lines are whole and in order, however their bytes are cut into chunks. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SLACK } from '../../src/core/json-bytes.ts';
import { blocksOf } from '../../src/core/line-blocks.ts';
import { cutAt, streamed } from '../support/hostile-events.ts';

test('blocks contain all lines, and nothing else', async () => {
  const line = fc.oneof(fc.constant(''), fc.string({ maxLength: 30 }));
  const cut = fc.record({ lines: fc.array(line), isEnded: fc.boolean(), cuts: fc.array(fc.nat()) });
  await fc.assert(
    fc.asyncProperty(cut, async ({ lines, isEnded, cuts }) => {
      const text = lines.map(each => each.replaceAll('\n', ' ')).join('\n') + (isEnded ? '\n' : '');
      const found: Buffer[] = [];
      for await (const { bytes, size } of blocksOf(streamed(cutAt(Buffer.from(text), cuts)))) {
        expect(bytes.length).toBe(size + SLACK);
        // A block ends with a line.
        expect(bytes[size - 1]).toBe(10);
        found.push(Buffer.from(bytes.slice(0, size)));
      }
      const expected = text === '' || text.endsWith('\n') ? text : `${text}\n`;
      expect(Buffer.concat(found).toString('utf8')).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});
