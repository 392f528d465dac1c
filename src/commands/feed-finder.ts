/** Where the live feed is: where a setting says, or where the attempt that reads the stream says in its heartbeats. */
import type { ReadPipeline } from '../temporal/pipeline-reader.ts';

/** Resolves with undefined while it is unknown; never rejects. @param set LIVE_URL */
export function feedFinder(
  set: string | undefined,
  pipeline: ReadPipeline,
): () => Promise<string | undefined> {
  return async () => {
    if (set !== undefined) return set;
    const reading = await pipeline();
    const address = reading.kind === 'known' ? reading.ingest.heartbeat?.['live'] : undefined;
    return typeof address === 'string' && /^https?:\/\//.test(address) && URL.canParse(address)
      ? address
      : undefined;
  };
}
