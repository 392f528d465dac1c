/** Asks why the selected minutes have the edits that they have, and shows the answer, or what to do without one. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { MAX_EXPLAINED_MINUTES } from '../contracts/limits.ts';
import { isoSeconds } from '../core/time.ts';
import { ApiProblem } from './api-client.ts';
import { formatCount, formatShare } from './format.ts';
import { loadExplanation } from './insight-client.ts';
import type { Explanation } from './insight-client.ts';
import type { Span } from './series.ts';

interface Props {
  readonly wiki: string;
  readonly span: Span;
  /** Some of the minutes are not stored yet. */
  readonly isNew: boolean;
}

type Asked =
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'answered'; readonly explanation: Explanation }
  | { readonly kind: 'failed'; readonly message: string; readonly advice: string };

const NOT_ASKED: Asked = { kind: 'not-asked' };

export function Why({ wiki, span, isNew }: Props) {
  const [asked, setAsked] = useState<Asked>(NOT_ASKED);
  const request = useRef<AbortController>(null);
  const { from, to } = span;
  useEffect(() => {
    setAsked(NOT_ASKED);
    // The API stops reading once nobody waits.
    return () => request.current?.abort();
  }, [wiki, from, to]);
  const ask = async (): Promise<void> => {
    const mine = new AbortController();
    request.current = mine;
    setAsked({ kind: 'asking' });
    try {
      const query = { wiki, from: isoSeconds(from), to: isoSeconds(to) };
      const explanation = await loadExplanation(query, mine.signal);
      if (!mine.signal.aborted) setAsked({ kind: 'answered', explanation });
    } catch (error) {
      if (!mine.signal.aborted) setAsked({ kind: 'failed', ...failureOf(error) });
    }
  };
  if (to - from > MAX_EXPLAINED_MINUTES * 60) {
    return (
      <p class="aside">
        Why? can be answered for an hour or less: click a minute of the chart, or drag over less of it.
      </p>
    );
  }
  return (
    <div class="why">
      <button type="button" disabled={asked.kind === 'asking'} onClick={() => void ask()}>
        {asked.kind === 'failed' ? 'Try again' : 'Why?'}
      </button>
      <div role="status">
        {asked.kind === 'asking' && <p class="aside">Reading the events of this time…</p>}
        {asked.kind === 'failed' && (
          <p>
            {asked.message}. {asked.advice}
          </p>
        )}
        {asked.kind === 'answered' && <Answer explanation={asked.explanation} isNew={isNew} />}
      </div>
    </div>
  );
}

function failureOf(error: unknown): { readonly message: string; readonly advice: string } {
  const message = error instanceof Error ? error.message : String(error);
  const status = error instanceof ApiProblem ? error.status : 0;
  // The detail of the API says when, or what its operator has to change.
  if (status === 429) return { message, advice: 'Explanations are rationed; wait a little.' };
  if (status === 503) return { message, advice: 'The counts on this page do not need the events.' };
  return { message, advice: 'Check the connection.' };
}

function Answer({ explanation, isNew }: { explanation: Explanation; isNew: boolean }) {
  const { sentence, cause, topPages, accounts, pages, newPages, busiestAccount, busierWikis, unreadParts } =
    explanation;
  if (cause.kind === 'no_parts') return <NoParts sentence={sentence} isNew={isNew} />;
  return (
    <>
      <p>
        <strong>{sentence}</strong>
      </p>
      <p class="aside">
        {several(accounts, 'account')}, {several(pages, 'page')}, {formatCount(newPages)} of them new
        {busiestAccount?.url !== undefined && (
          <>
            ; the <ExternalLink href={busiestAccount.url}>busiest account</ExternalLink>
            {busiestAccount.bot && ', a bot,'} made {formatShare(busiestAccount.share, 1)}
          </>
        )}
        .
      </p>
      {topPages.length > 0 && (
        <>
          <h3>Most changed pages</h3>
          <ol>
            {topPages.map(({ wiki, title, url, changes }) => (
              <li key={`${wiki} ${title}`}>
                {url === undefined ? title : <ExternalLink href={url}>{title}</ExternalLink>}{' '}
                <span class="aside">{several(changes, 'change')}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      {busierWikis.length > 0 && (
        <p class="aside">Busier at the same time: {busierWikis.map(({ wiki }) => wiki).join(', ')}.</p>
      )}
      {unreadParts > 0 && (
        <p class="aside">
          {several(unreadParts, 'part')} of the events could not be read, so something is missing here.
        </p>
      )}
      {isNew && <p class="aside">The newest minutes are not stored yet; ask again in some minutes.</p>}
      <p class="aside">Found by rules over counts: it can be wrong.</p>
    </>
  );
}

function NoParts({ sentence, isNew }: { sentence: string; isNew: boolean }) {
  return (
    <p>
      {sentence}{' '}
      {isNew
        ? 'The newest minutes are not stored yet; ask again in some minutes.'
        : 'The counts stay, and what was unusual keeps its reason. A backfill from the stream brings the events of the last days back.'}
    </p>
  );
}

function several(count: number, name: string): string {
  return `${formatCount(count)} ${name}${count === 1 ? '' : 's'}`;
}

/** Addresses are those that the API made of names: of a wiki, always https. */
function ExternalLink({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} rel="noopener noreferrer" target="_blank">
      {children}
    </a>
  );
}
