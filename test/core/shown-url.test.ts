import { expect, test } from 'vitest';
import { shownUrl } from '../../src/core/shown-url.ts';

test.each([
  [
    'https://stream.example/v2/stream/recentchange?token=s3cret',
    'https://stream.example/v2/stream/recentchange',
  ],
  ['https://user:s3cret@stream.example:8443/v2', 'https://stream.example:8443/v2'],
  ['https://user:s3c@ret@stream.example/v2', 'https://stream.example/v2'],
  ['//s3cret@stream.example/v2', '//stream.example/v2'],
  ['https://stream.example/v2#s3cret', 'https://stream.example/v2'],
  ['https://stream.example?s3cret\nmore', 'https://stream.example'],
  ['https://{server_name}/w/api.php?key=s3cret', 'https://{server_name}/w/api.php'],
])('what may be secret in %j is not shown', (url, shown) => expect(shownUrl(url)).toBe(shown));

test.each([
  'https://stream.wikimedia.org/v2/stream/recentchange',
  'http://127.0.0.1:5001/{server_name}/w/api.php',
  'https://example.org/a@b',
  'not a url',
  '',
])('%j is shown as it is', url => expect(shownUrl(url)).toBe(url));
