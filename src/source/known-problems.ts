/** What can be wrong with the sources (stream, Action API, dumps), and what to do about it. */
import type { KnownProblems, Words } from '../contracts/known-problems.ts';

export const sourceProblems = {
  blocked: {
    shows: '‹address› answered 403',
    cause: 'Wikimedia refuses clients that name no contact.',
    remedy:
      'Set USER_AGENT to a name with a contact, e.g. my-wikigauge/1.0 (https://example.org; me@example.org)',
  },
  wrongStart: {
    shows: '‹EVENTSTREAMS_URL› answered 400',
    cause: 'The server does not understand the address, or the time to start at.',
    remedy: 'Check EVENTSTREAMS_URL and the `since` of the workflow’s input.',
  },
  noStream: {
    shows: '‹EVENTSTREAMS_URL› answered 404',
    cause: 'The path of the address is wrong. It is asked again, because a stream can be added.',
    remedy: 'Check EVENTSTREAMS_URL: the server has no such stream or topic.',
  },
  wrongStream: {
    shows: '‹EVENTSTREAMS_URL› answered ‹another status from 400 to 499›',
    cause: 'The address is not that of a stream, or something in front of it refuses us.',
    remedy: 'Check EVENTSTREAMS_URL.',
  },
  notAStream: {
    shows: ({ address }: Words<'address'>) => `“${address}” is not an http address`,
    remedy: 'Set EVENTSTREAMS_URL to an address such as https://stream.wikimedia.org/v2/stream/recentchange',
  },
  otherAnswer: {
    shows: ({ type, expected }: Words<'type' | 'expected'>) => `answered with ${type} instead of ${expected}`,
    cause: 'A login page or a proxy answers in the place of the source. It is asked again.',
    remedy: 'Open the address in a browser on this machine, and let this machine through to it.',
  },
  wrongApi: {
    shows: '‹ACTION_API_URL› answered ‹another status from 400 to 499›, or is not a URL',
    cause: 'The address is not that of an Action API.',
    remedy: 'Check ACTION_API_URL, e.g. https://{server_name}/w/api.php',
  },
  foreignServer: {
    shows: ({ server }: Words<'server'>) => `${server} is not a server of Wikimedia`,
    cause: 'With the default address only servers of Wikimedia are asked, whatever the site matrix names.',
    remedy: 'The site matrix named it. To read a wiki of your own, set ACTION_API_URL to its address.',
  },
  wrongDumps: {
    shows: '‹DUMPS_URL› answered ‹another status from 400 to 499›',
    cause: 'The address is not that of the dumps.',
    remedy: 'Check DUMPS_URL.',
  },
  noDump: {
    shows: 'there is no such dump',
    cause: 'The range is too old or too new for the dumps, or they lack the wiki.',
    remedy: 'Only the last two snapshots are kept, and not every wiki is in them.',
  },
  badDump: {
    shows: '‹dump file›: ‹what is wrong with it›',
    cause: 'The file was damaged on its way, or is damaged where it comes from.',
    remedy: 'Read the file again; if that does not help, use another snapshot.',
  },
  newDump: {
    shows: ({ count, supported }: Words<'count' | 'supported'>) =>
      `its rows have ${count} columns; supported are ${supported}`,
    remedy:
      'Either its layout is newer than this version of wikigauge, or it is not a mediawiki_history dump.',
  },
  leavesSite: {
    shows: ({ where }: Words<'where'>) => `redirects ${where}, which is another site`,
    cause: 'A proxy, or a server that has moved. Requests are not sent where a stranger points.',
    remedy:
      'Only redirects within the same site are followed. If the new place is right, set its address instead.',
  },
  proxy: {
    shows: '`npm run doctor` cannot reach the stream, and a proxy is set',
    cause: 'Sources and S3 are reached directly; see [Configuration](configuration.md).',
    remedy: ({ name }: Words<'name'>) =>
      `${name} is set, but the stream, the Action API, the dumps and S3 are reached without a proxy. Let this machine through to them, or set the addresses of a gateway (EVENTSTREAMS_URL, ACTION_API_URL, DUMPS_URL, AWS_ENDPOINT_URL).`,
  },
  noNetwork: {
    shows: '`npm run doctor` cannot reach the stream',
    cause: 'This machine has no way to Wikimedia.',
    remedy: 'Check the network, or use a simulated stream: npm run demo',
  },
} satisfies KnownProblems;
