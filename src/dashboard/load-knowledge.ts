/**
 * ⑧ Learns what is known of the minutes of a wiki, a week at most, from `GET /api/v1/coverage`.
 */
import { isoSeconds, secondOf } from '../core/time.ts';
import { ApiProblem, loadCoverage } from './api-client.ts';
import type { Asked, Coverage } from './api-client.ts';
import type { Knowledge, Segment } from './knowledge.ts';
import { standingOf } from './standing-of.ts';

type Covered = Pick<Coverage, 'completeThrough' | 'segments'>;

/** A slow answer must not keep the counts waiting. */
const LIMIT_MS = 5_000;

/** Fails only when `signal` aborts. */
export async function loadKnowledge(asked: Asked, signal: AbortSignal): Promise<Knowledge> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    return knowledgeOf(await coverageOf(asked, limited));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ApiProblem && error.status === 404) return { kind: 'no-such-wiki' };
    const message = error instanceof ApiProblem ? error.message : 'the API did not respond in time';
    return { kind: 'unavailable', message };
  }
}

async function coverageOf(asked: Asked, signal: AbortSignal): Promise<Covered> {
  const answer = await loadCoverage(asked, signal);
  const { segments, completeThrough } = answer;
  const afterHole = lastHoleEnd(segments);
  if (afterHole === undefined) return { segments, completeThrough };
  // The answer stops at the first hole. What lies after the last one is asked about again, on its own.
  const range = { wiki: asked.wiki, from: isoSeconds(afterHole), to: answer.to };
  const tail = await loadCoverage(range, signal);
  return { segments, completeThrough: tail.completeThrough };
}

/** Where the last minutes begin that adjoin and were read; undefined without a hole before them, or without any. */
function lastHoleEnd(segments: Covered['segments']): number | undefined {
  const isRead = ({ state }: Covered['segments'][number]): boolean => state !== 'unread' && state !== 'gap';
  const last = segments.findLastIndex(isRead);
  const hole = segments.slice(0, Math.max(last, 0)).findLast(segment => !isRead(segment));
  return hole && secondOf(hole.to);
}

/** The answer by the page's standings: the provisional minutes before `completeThrough` are full. */
function knowledgeOf({ segments, completeThrough }: Covered): Knowledge {
  const full = completeThrough === null ? -Infinity : secondOf(completeThrough);
  return {
    kind: 'known',
    segments: segments.flatMap((segment): Segment[] => {
      const [from, to] = [secondOf(segment.from), secondOf(segment.to)];
      const standing = standingOf(segment);
      if (standing.kind !== 'provisional') return [{ from, to, standing }];
      const edge = Math.min(Math.max(full, from), to);
      const split: Segment[] = [
        { from, to: edge, standing: { kind: 'full' } },
        { from: edge, to, standing },
      ];
      return split.filter(part => part.from < part.to);
    }),
  };
}
