/** A gap as every answer shows it. */
import type { Gap } from '../core/gaps.ts';

/** What is known of it, and nothing else that gold may keep. */
export function shownGap({ id, cause, topic, from, to, missing }: Gap): Gap {
  return {
    id,
    cause,
    ...(topic !== undefined && { topic }),
    from,
    to,
    ...(missing !== undefined && { missing }),
  };
}
