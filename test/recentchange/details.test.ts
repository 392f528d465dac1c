import { describe, expect, test } from 'vitest';
import { readDetails } from '../../src/recentchange/details.ts';
import { TRAPS, hostileLine } from '../support/hostile-events.ts';

const EDIT = {
  type: 'edit',
  wiki: 'enwiki',
  title: 'Moon landing',
  user: 'Ada',
  bot: false,
  length: { old: 10, new: 25 },
  comment: 'secret',
};
const read = (changes: object = {}) => readDetails(JSON.stringify({ ...EDIT, ...changes }));

describe('readDetails', () => {
  test('reads what explains an edit, and never its comment', () => {
    expect(read({ tags: ['mobile edit'] })).toEqual({
      kind: 'edit',
      isBot: false,
      title: 'Moon landing',
      account: { name: 'Ada', kind: 'registered' },
      lengths: [10, 25],
      tags: ['mobile edit'],
      log: undefined,
      isNewAccount: false,
    });
  });

  test('takes a new page as empty before', () => {
    expect(read({ type: 'new', length: { new: 7 } })).toMatchObject({ kind: 'new', lengths: [0, 7] });
  });

  test.each(['192.0.2.7', '2001:DB8::7', '2001:db8:0:0:0:0:0:7', '~2026-40857-91'])(
    'takes %s as an account without registration',
    user => expect(read({ user })?.account).toEqual({ name: user, kind: 'unregistered' }),
  );

  test.each([
    ['a missing user', { user: undefined }],
    ['a user that the API marks as hidden', { userhidden: true }],
    ['the same in the older format, where a flag is an empty text', { userhidden: '' }],
    ['a suppressed change', { suppressed: true }],
    ['a user that is no text', { user: { name: 'Ada' } }],
    ['an imported user', { user: 'de>Ada' }],
    ['a user that turns the text around', { user: 'Ada\u202Etxt' }],
    ['half a character', { user: 'Ada\ud83d' }],
    ['a user that leaves the page', { user: '../../w/index.php' }],
    ['a user of two megabytes', { user: 'x'.repeat(2 << 20) }],
  ])('has no account for %s', (_, changes) => {
    expect(read(changes)).toMatchObject({ kind: 'edit', account: undefined });
  });

  test.each([
    '',
    ' ',
    'a\nb',
    '<script>alert(1)</script>',
    'A|B',
    'x'.repeat(600),
    './x',
    'a/../b',
    '\uFEFFx',
  ])('has no title for %j, which no page can have', title =>
    expect(read({ title })).toMatchObject({ kind: 'edit', title: undefined }),
  );

  test('names public logs only, and neither the page nor the user of an entry', () => {
    expect(read({ type: 'log', log_type: 'block' })).toMatchObject({
      kind: 'log',
      log: 'block',
      title: undefined,
      account: undefined,
    });
    expect(read({ type: 'log', log_type: 'suppress' })?.log).toBeUndefined();
    expect(read({ type: 'log', log_type: 'block', actionhidden: true })?.log).toBeUndefined();
    expect(read({ type: 'log', log_type: 'Ada was here' })?.log).toBeUndefined();
  });

  test('knows an account that was just created, but not one that came from another wiki', () => {
    const entry = { type: 'log', log_type: 'newusers', log_action: 'create' };
    expect(read(entry)).toMatchObject({ isNewAccount: true, account: { name: 'Ada' } });
    expect(read({ ...entry, log_action: 'autocreate' })).toMatchObject({
      isNewAccount: false,
      account: undefined,
    });
  });

  test('survives every hostile line, without a name that could break a page', () => {
    const lines = [
      ...TRAPS.map(({ line }) => line),
      ...Array.from({ length: 3_000 }, (_, i) => hostileLine(i)),
    ];
    for (const line of lines) {
      const details = readDetails(line.toString('utf8'));
      for (const name of [details?.title, details?.account?.name])
        expect(name ?? '').not.toMatch(/[<>[\]{}|#\p{Cc}\p{Cs}\u202E\u2028]/u);
    }
  });
});
