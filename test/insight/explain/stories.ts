/** Events of an hour: the usual edits, and stories that somebody could have lived. */
import type { Random } from '../../../dev/simulator/random.ts';

export const HOUR = '2026-11-20T10';
export const START = Date.parse(`${HOUR}:00:00Z`) / 1000;

export type Fields = Readonly<Record<string, unknown>>;

let serial = 0;

/** An event as the stream sends it. */
export function event(fields: Fields): Fields {
  serial += 1;
  const { second = 0, ...others } = fields;
  const timestamp = START + Number(second);
  return {
    meta: { id: `event-${serial}`, dt: new Date(timestamp * 1000).toISOString(), domain: 'en.wikipedia.org' },
    type: 'edit',
    wiki: 'enwiki',
    server_name: 'en.wikipedia.org',
    timestamp,
    user: `User ${serial}`,
    title: `Page ${serial}`,
    bot: false,
    comment: 'never shown',
    length: { old: 1_000, new: 1_010 },
    revision: { old: serial, new: 1_000_000 + serial },
    ...others,
  };
}

/** Edits of people and bots on pages of their own, evenly over the hour. */
export function usualEdits(random: Random, count: number, wiki = 'enwiki'): Fields[] {
  return Array.from({ length: count }, () => {
    const bot = random.chance(0.2);
    const user = random.chance(0.15) ? `~2026-${random.below(9_000)}-1` : `User ${random.below(500)}`;
    return event({
      wiki,
      second: random.below(3_600),
      bot,
      user: bot ? `Bot ${random.below(20)}` : user,
      title: `Page ${random.below(100_000)}`,
    });
  });
}

function within(count: number, make: (i: number) => Fields): Fields[] {
  return Array.from({ length: count }, (_, i) =>
    event({ second: 1_800 + Math.floor((600 * i) / count), ...make(i) }),
  );
}

export function botRun(): Fields[] {
  return within(300, () => ({ bot: true, user: 'Runner' }));
}

/** Two accounts take turns. */
export function editWar(): Fields[] {
  return within(50, i => ({
    title: 'Fought over',
    user: i % 2 === 0 ? 'Red' : 'Blue',
    length: i % 2 === 0 ? { old: 2_000, new: 2_400 } : { old: 2_400, new: 2_000 },
  }));
}

/** Many people on a few pages, each a little longer. */
export function newsBurst(wiki = 'enwiki'): Fields[] {
  return within(200, i => ({
    wiki,
    title: `Event ${i % 5}`,
    user: `Reader ${i % 90}`,
    length: { old: 1_000 + 7 * i, new: 1_007 + 7 * i },
  }));
}

/** New accounts, each with a few pages. */
export function spamWave(): Fields[] {
  const names = Array.from({ length: 40 }, (_, i) => `Buy ${i}`);
  return [
    ...names.map((user, i) =>
      event({
        type: 'log',
        log_type: 'newusers',
        log_action: 'create',
        user,
        second: 1_000 + i,
        revision: undefined,
      }),
    ),
    ...within(160, i => ({ user: names[i % names.length], type: i % 8 === 0 ? 'new' : 'edit' })),
  ];
}
