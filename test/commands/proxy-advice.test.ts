import { expect, test } from 'vitest';
import { proxyAdvice } from '../../src/commands/proxy-advice.ts';

test.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])(
  'names %s, which is not used, and what to do',
  name => {
    const advice = proxyAdvice({ [name]: 'http://user:secret@proxy:3128' });
    expect(advice).toContain(`${name} is set`);
    expect(advice).toContain('EVENTSTREAMS_URL');
    expect(advice).not.toContain('secret');
  },
);

test('says nothing without a proxy', () => {
  expect(proxyAdvice({ HTTPS_PROXY: '', no_proxy: 'localhost' })).toBeUndefined();
});
