import { expect, test } from 'vitest';
import { contributionsAddress, pageAddress } from '../../src/contracts/wiki-address.ts';

test.each([
  ['Moon landing', 'https://en.wikipedia.org/wiki/Moon_landing'],
  ['Talk:AC/DC', 'https://en.wikipedia.org/wiki/Talk:AC/DC'],
  ['What? 100% & "more"', 'https://en.wikipedia.org/wiki/What%3F_100%25_%26_%22more%22'],
  ["O'Neill (actor)!", 'https://en.wikipedia.org/wiki/O%27Neill_%28actor%29%21'],
  ['Köln', 'https://en.wikipedia.org/wiki/K%C3%B6ln'],
  ['//evil.example/x', 'https://en.wikipedia.org/wiki///evil.example/x'],
])('the address of %s stays on its wiki', (title, address) => {
  expect(pageAddress('enwiki', title)).toBe(address);
  expect(new URL(address).host).toBe('en.wikipedia.org');
});

test('contributions are listed on the wiki itself', () => {
  expect(contributionsAddress('commonswiki', '2001:DB8::7')).toBe(
    'https://commons.wikimedia.org/wiki/Special:Contributions/2001:DB8::7',
  );
});

test('a wiki that is not listed has no address: an event can name any server', () => {
  expect(pageAddress('evilwiki', 'Moon')).toBeUndefined();
});
