/** Weeks of counts in a gold in memory, so that the API knows what is usual around a time. */
import type { PageServer } from '../support/browser/page-server.ts';

const WEEK_SEC = 7 * 86_400;
const WEEKS = 9;
const HOURS_AROUND = 8;

/** So many people's and bots' edits in each minute around this time of the weeks before. The stream was read all along. */
export function rememberWeeks(
  server: PageServer,
  wiki: string,
  second: number,
  human: number,
  bot: number,
): void {
  server.read([second - WEEKS * WEEK_SEC - 86_400, second]);
  for (let week = 1; week <= WEEKS; week += 1) {
    for (let minute = -60 * HOURS_AROUND; minute < 60 * HOURS_AROUND; minute += 1) {
      server.gold.put(wiki, second - week * WEEK_SEC + minute * 60, human, bot);
    }
  }
}
