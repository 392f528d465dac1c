/** What came back over HTTP, as far as its meaning depends on it. Pure: `s3-watch.ts` takes it from the wire. */

/** The calls that are told apart: the same status means different things to each. */
export type S3Operation =
  | 'get'
  /** A range of the version with a known tag. */
  | 'get version'
  /** A PUT that must find nothing. */
  | 'create'
  /** A PUT that must find the version with a known tag. */
  | 'replace'
  | 'delete'
  | 'list'
  | 'find bucket'
  | 'create bucket'
  | 'read lifecycle'
  | 'write lifecycle';

export type S3Body =
  /** Not looked at: the bytes of an object, or the answer to a HEAD. */
  | { readonly kind: 'unread' }
  | { readonly kind: 'empty' }
  /** An error of S3: `<Error><Code>…`. */
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
      /** The bucket's region, when S3 names it. */
      readonly region?: string;
    }
  /** Any other XML. */
  | { readonly kind: 'xml'; readonly root: string }
  | { readonly kind: 'html' }
  | { readonly kind: 'other' };

export interface S3Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: S3Body;
}

/** Of S3's own words, in a message. */
const MAX_CHARS = 300;

/** Recognises a body by its beginning and its root element. */
export function bodyOf(text: string): S3Body {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return { kind: 'empty' };
  const document = trimmed.replace(/^(?:<\?[^>]*\?>\s*|<!--[^]*?-->\s*)*/, '');
  if (/^<!doctype|^<html\b/i.test(document)) return { kind: 'html' };
  const root = /^<(?:[\w.-]+:)?([\w.-]+)/.exec(document)?.[1];
  if (root === undefined) return { kind: 'other' };
  if (root !== 'Error') return { kind: 'xml', root };
  const valueOf = (name: string): string | undefined =>
    decoded(new RegExp(`<${name}>([^<]*)</${name}>`).exec(document)?.[1])
      ?.trim()
      .slice(0, MAX_CHARS);
  const region = valueOf('Region');
  return {
    kind: 'error',
    code: valueOf('Code') ?? '',
    message: valueOf('Message') ?? '',
    ...(region !== undefined && region !== '' && { region }),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string | undefined): string | undefined {
  return text?.replaceAll(
    /&(?:#(\d{1,6})|(\w+));/g,
    (entity, code: string | undefined, name: string | undefined) =>
      code === undefined ? (ENTITIES[name ?? ''] ?? entity) : String.fromCodePoint(Number(code)),
  );
}

/** An answer in a few words, without the body of anything that is not S3's. */
export function wordsOf({ status, body }: S3Answer): string {
  if (body.kind === 'error')
    return [`${status} ${body.code}`.trim(), body.message].filter(part => part !== '').join(': ');
  const about = {
    html: 'an HTML page',
    empty: 'an empty body',
    xml: 'XML that is not the answer of S3',
    other: "a body that is not S3's",
    unread: '',
  } satisfies Record<Exclude<S3Body['kind'], 'error'>, string>;
  const words = about[body.kind];
  return words === '' ? String(status) : `${status} with ${words}`;
}
