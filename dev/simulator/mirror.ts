/**
 * Serves the Action API at `/<host>/w/api.php` and the dumps below `/dumps/`.
 * Guarantee: refuses requests like the real servers (no contact, too many at once, faults), and counts requests.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { askApi, errorBody } from './action-api.ts';
import { ChangeIndex } from './change-index.ts';
import { fileBytes, filesOf, snapshotsAt, type DumpSettings } from './dumps.ts';
import type { ApiFault } from './fault-plan.ts';
import { drained } from './drained.ts';
import type { Faults } from './faults.ts';
import type { WikimediaOptions } from './options.ts';
import { refusal, type Refusal } from './refusal.ts';
import { FIRST_SECOND } from './rhythm.ts';
import type { Universe } from './universe.ts';

const compress = promisify(gzip);
const API_PATH = /^\/([a-z0-9.-]+)\/w\/api\.php$/;
/** Concurrent requests per client; the fourth gets 429. */
const MAX_AT_ONCE = 3;
/** Larger than any file: files are generated while they are sent, so their size is unknown. */
const FAR_END = Number.MAX_SAFE_INTEGER - 1;

/** Requests so far. */
export interface MirrorCounts {
  readonly api: {
    answered: number;
    refused: number;
    rows: number;
    mostAtOnce: number;
    /** answered and refused requests, by minute in ISO 8601 */
    readonly perMinute: Record<string, number>;
  };
  readonly dumps: { files: number; bytes: number };
}

function noCounts(): MirrorCounts {
  return {
    api: { answered: 0, refused: 0, rows: 0, mostAtOnce: 0, perMinute: {} },
    dumps: { files: 0, bytes: 0 },
  };
}

export class Mirror {
  readonly #index: ChangeIndex;
  readonly #settings: WikimediaOptions;
  readonly #faults: Faults;
  readonly #atOnce = new Map<string, number>();
  #errors = 0;
  #counts = noCounts();

  constructor(universe: Universe, settings: WikimediaOptions, faults: Faults) {
    this.#index = new ChangeIndex(universe);
    this.#settings = settings;
    this.#faults = faults;
  }

  get counts(): MirrorCounts {
    return this.#counts;
  }

  forget(): void {
    this.#counts = noCounts();
  }

  serves(path: string): boolean {
    return API_PATH.test(path) || path === '/dumps' || path.startsWith('/dumps/');
  }

  /**
   * Answers a request, or resolves with the refusal to send.
   * @param refused a refusal by the edge, which takes precedence
   */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    client: string,
    refused: Refusal | undefined,
  ): Promise<Refusal | undefined> {
    const [, host] = API_PATH.exec(url.pathname) ?? [];
    if (host === undefined) return refused ?? (await this.#dumps(request, response, url.pathname));
    const { api } = this.#counts;
    const minute = new Date().toISOString().slice(0, 16);
    api.perMinute[minute] = (api.perMinute[minute] ?? 0) + 1;
    const atOnce = (this.#atOnce.get(client) ?? 0) + 1;
    this.#atOnce.set(client, atOnce);
    response.once('close', () => this.#atOnce.set(client, (this.#atOnce.get(client) ?? 1) - 1));
    api.mostAtOnce = Math.max(api.mostAtOnce, atOnce);
    const tooMany = atOnce > MAX_AT_ONCE ? tooManyAtOnce() : undefined;
    const refusedBy = refused ?? tooMany ?? (await this.#api(request, response, host, url.searchParams));
    if (refusedBy !== undefined) api.refused++;
    return refusedBy;
  }

  async #api(
    request: IncomingMessage,
    response: ServerResponse,
    host: string,
    query: URLSearchParams,
  ): Promise<Refusal | undefined> {
    const { api } = this.#counts;
    const failure = this.#failing();
    if (failure !== undefined) {
      api.refused++;
      response
        .writeHead(failure.status, { 'content-type': failure.type, ...failure.headers })
        .end(failure.body);
      return undefined;
    }
    await turn();
    const source = { index: this.#index, nowMs: Date.now(), retentionMs: this.#settings.apiRetentionMs };
    const reply = askApi(host, query, source);
    if (reply === undefined) return refusal(404, 'not_found', 'Not Found', `no wiki has the host ${host}`);
    api.answered++;
    api.rows += reply.rows;
    const text = Buffer.from(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
    const isGzip = String(request.headers['accept-encoding']).includes('gzip');
    response.writeHead(200, {
      'content-type': typeof reply.body === 'string' ? 'text/html' : 'application/json; charset=utf-8',
      ...(isGzip && { 'content-encoding': 'gzip' }),
    });
    response.end(isGzip ? await compress(text) : text);
    return undefined;
  }

  /** The response of an active fault, if any. */
  #failing(): { status: number; type: string; headers?: Record<string, string>; body: string } | undefined {
    const nowMs = Date.now();
    const isOn = (fault: ApiFault): boolean => {
      if (this.#faults.refusedForMs(fault, nowMs) === 0) return false;
      this.#faults.count(fault);
      return true;
    };
    const json = { status: 200, type: 'application/json; charset=utf-8' };
    const failed = (code: string, info: string): string => JSON.stringify(errorBody(code, info));
    if (isOn('maxlag')) {
      const body = failed('maxlag', 'Waiting for 10.64.0.1: 7.3 seconds lagged.');
      return { ...json, headers: { 'retry-after': '1', 'x-database-lag': '7' }, body };
    }
    if (isOn('apiratelimit')) {
      const headers = { 'retry-after': '1' };
      return { ...json, headers, body: failed('ratelimited', "You've exceeded your rate limit.") };
    }
    if (isOn('readonly'))
      return { ...json, body: failed('readonly', 'The wiki is currently in read-only mode.') };
    if (!isOn('apierror')) return undefined;
    // Rotate through the kinds.
    switch (this.#errors++ % 4) {
      case 0:
        return { ...json, body: failed('internal_api_error_DBQueryError', '[f3a1] Caught exception') };
      case 1:
        return { status: 500, type: 'text/html', body: '<h1>Wikimedia Error</h1>' };
      case 2:
        return { status: 200, type: 'text/html', body: '<!DOCTYPE html><title>Wikimedia Error</title>' };
      default:
        return { ...json, body: '{"batchcomplete":true,"query":{"recentchan' };
    }
  }

  async #dumps(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<Refusal | undefined> {
    const nowMs = Date.now();
    const { seed, fromMs, dumpColumns, dumpDelayMs } = this.#settings;
    const settings: DumpSettings = {
      index: this.#index,
      columns: dumpColumns,
      delayMs: dumpDelayMs,
      begin: Math.max(FIRST_SECOND, Math.floor((fromMs ?? 0) / 1000)),
    };
    const missing = refusal(404, 'not_found', 'Not Found', `${path} does not exist`);
    const [, , snapshot = '', db = '', name = ''] = path.split('/');
    const snapshots = snapshotsAt(nowMs, settings);
    if (snapshot === '')
      return listing(
        response,
        path,
        snapshots.map(month => `${month}/`),
      );
    if (!snapshots.includes(snapshot)) return missing;
    const files = filesOf(snapshot, db, settings);
    if (files === undefined) return missing;
    if (name === '') return listing(response, path, files);
    if (!files.includes(name)) return missing;

    const etag = `"${seed}-${dumpColumns}-${name}"`;
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    const isRest = range !== undefined && request.headers['if-range'] === etag;
    let skip = isRest ? Number(range) : 0;
    response.writeHead(isRest ? 206 : 200, {
      'content-type': 'application/x-bzip2',
      'accept-ranges': 'bytes',
      etag,
      ...(isRest && { 'content-range': `bytes ${skip}-${FAR_END}/*` }),
    });
    this.#counts.dumps.files++;
    for (const bytes of fileBytes(name, nowMs, settings)) {
      await turn();
      if (response.destroyed) return undefined;
      const rest = bytes.subarray(Math.min(skip, bytes.length));
      skip -= bytes.length - rest.length;
      this.#counts.dumps.bytes += rest.length;
      if (!response.write(rest)) await drained(response);
    }
    response.end();
    return undefined;
  }
}

function tooManyAtOnce(): Refusal {
  const detail = 'More than three requests at once.';
  return refusal(429, 'too_many_requests', 'Too Many Requests', detail, { 'retry-after': '1' });
}

/** An index page in Apache's format. */
function listing(response: ServerResponse, path: string, names: readonly string[]): undefined {
  const lines = names.map(name => `<a href="${name}">${name}</a>  01-Nov-2026 04:12  -`);
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(
      `<html><head><title>Index of ${path}</title></head><body><h1>Index of ${path}</h1><pre>\n${lines.join('\n')}\n</pre></body></html>\n`,
    );
}
