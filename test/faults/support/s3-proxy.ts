/**
 * An HTTP proxy in front of the S3 gateway that behaves like a failing service: it answers with an error without
 * forwarding, or forwards a request and cuts the connection before the answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { LOOPBACK } from '../../../dev/stack/ports.ts';
import { S3Forwarder, keyOf } from '../../../dev/stack/s3-forwarder.ts';
import { GOLD_HOURS } from '../../../src/contracts/storage/object-keys.ts';
import type { Random } from '../../../dev/simulator/random.ts';
import { LOG_KEYS } from '../../support/stream.ts';

/** Which requests fail: a share of those for keys and listings below a prefix, or of all. */
interface Struck {
  readonly share: number;
  readonly below?: string;
}

export type S3Behaviour =
  | { readonly kind: 'pass' }
  /** They get this status. */
  | ({ readonly kind: 'answer'; readonly status: keyof typeof ERRORS } & Struck)
  /** Each listing begins with pages that are empty, although more follow. */
  | { readonly kind: 'empty pages' }
  /** GETs get 200 and half of the body, and then nothing more. */
  | ({ readonly kind: 'stall' } & Struck)
  /** PUTs are stored, but the client gets no answer. */
  | ({ readonly kind: 'lose answers' } & Struck);

/** How many of them a listing begins with. */
const EMPTY_PAGES = 2;

/** Error codes of S3. */
const ERRORS = { 403: 'AccessDenied', 500: 'InternalError', 503: 'SlowDown' } as const;

export class S3Proxy {
  readonly counts = {
    answered: 0,
    stalled: 0,
    lostAnswers: 0,
    emptyPages: 0,
    lostRecords: 0,
    refusedRecords: 0,
    /** PUTs of gold hours that lost against another worker. */
    conflicts: 0,
  };
  readonly #forwarder: S3Forwarder;
  readonly #random: Random;
  /** Listings of which an empty page was the last answer: what to answer to its token. */
  readonly #listings = new Map<string, { readonly page: string; readonly left: number }>();
  #behaviour: S3Behaviour = { kind: 'pass' };

  private constructor(forwarder: S3Forwarder, random: Random) {
    this.#forwarder = forwarder;
    this.#random = random;
    forwarder.handle((request, response) => this.#serve(request, response));
  }

  static async open(upstreamPort: number, random: Random): Promise<S3Proxy> {
    return new S3Proxy(await S3Forwarder.open(`http://${LOOPBACK}:${upstreamPort}`), random);
  }

  get port(): number {
    return this.#forwarder.port;
  }

  behave(behaviour: S3Behaviour): void {
    this.#behaviour = behaviour;
  }

  async close(): Promise<void> {
    await this.#forwarder.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const behaviour = this.#behaviour;
    const body = await bytesOf(request);
    const key = keyOf(request);
    if (behaviour.kind === 'answer' && this.#strikes(behaviour, key)) {
      this.counts.answered += 1;
      const code = ERRORS[behaviour.status];
      response.writeHead(behaviour.status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>made up</Message></Error>`);
      return;
    }
    if (behaviour.kind === 'empty pages' || this.#listings.size > 0) {
      const page = await this.#emptyPage(request, behaviour.kind === 'empty pages');
      if (page !== undefined)
        return void response.writeHead(200, { 'content-type': 'application/xml' }).end(page);
    }
    const answer = await this.#forwarder.forward(request, Readable.from([body]));
    const content = await bytesOf(answer);
    const isRecord = request.method === 'PUT' && key.startsWith(LOG_KEYS.prefix);
    if (isRecord && answer.statusCode === 412) this.counts.refusedRecords += 1;
    if (isRefusedHour(request, key, answer)) this.counts.conflicts += 1;
    const isStored = request.method === 'PUT' && answer.statusCode === 200;
    if (isStored && behaviour.kind === 'lose answers' && this.#strikes(behaviour, key)) {
      this.counts.lostAnswers += 1;
      if (isRecord) this.counts.lostRecords += 1;
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    const isWhole = request.method === 'GET' && answer.statusCode === 200 && content.length > 1;
    if (isWhole && behaviour.kind === 'stall' && this.#strikes(behaviour, key)) {
      this.counts.stalled += 1;
      response.write(content.subarray(0, content.length / 2));
      return;
    }
    response.end(content);
  }

  /**
   * A page before the first one of a listing, or that first one after the empty ones. The gateway does not know our
   * tokens, so it is asked at once and its answer kept until then. Undefined for any other request.
   */
  async #emptyPage(request: IncomingMessage, mayBegin: boolean): Promise<string | undefined> {
    const { searchParams } = new URL(request.url ?? '/', 'http://s3');
    if (!searchParams.has('list-type')) return undefined;
    const token = searchParams.get('continuation-token');
    const known = this.#listings.get(token ?? '');
    if (known === undefined && (token !== null || !mayBegin)) return undefined;
    if (token !== null) this.#listings.delete(token);
    if (known !== undefined && known.left === 0) return known.page;
    const page = known?.page ?? (await this.#firstPage(request));
    if (page === undefined) return undefined;
    this.counts.emptyPages += 1;
    const next = `empty-${this.counts.emptyPages}`;
    this.#listings.set(next, { page, left: (known?.left ?? EMPTY_PAGES) - 1 });
    return `<?xml version="1.0"?><ListBucketResult><KeyCount>0</KeyCount><IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken></ListBucketResult>`;
  }

  async #firstPage(request: IncomingMessage): Promise<string | undefined> {
    const answer = await this.#forwarder.forward(request, Readable.from([]));
    const content = await bytesOf(answer);
    return answer.statusCode === 200 ? content.toString() : undefined;
  }

  #strikes({ share, below = '' }: Struck, key: string): boolean {
    return key.startsWith(below) && this.#random.chance(share);
  }
}

/** A PUT that found another version than it was meant to replace. A retry may only have found its own first try. */
function isRefusedHour({ method, headers }: IncomingMessage, key: string, answer: IncomingMessage): boolean {
  const isFirstTry = String(headers['amz-sdk-request']).startsWith('attempt=1');
  return method === 'PUT' && key.startsWith(GOLD_HOURS) && answer.statusCode === 412 && isFirstTry;
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
