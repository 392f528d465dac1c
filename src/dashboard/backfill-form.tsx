/** Starts a backfill. What the API finds wrong is said beside the field that it names. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { BACKFILL_SOURCES } from '../core/backfill.ts';
import { isoSeconds } from '../core/time.ts';
import { startBackfill } from './backfill-requests.ts';
import type { BackfillInput } from './backfill-requests.ts';
import { refusalOf } from './refusal.ts';
import type { Refusal } from './refusal.ts';
import type { Span } from './series.ts';

interface Props {
  readonly wiki: string | undefined;
  /** Where the fields begin. */
  readonly span: Span | undefined;
  readonly token: string;
  /** The token is missing or wrong; undefined: it is not known to be. */
  readonly denied: (why: string | undefined) => void;
  readonly started: () => void;
}

type Sent =
  | { readonly kind: 'no' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'started'; readonly id: string }
  | ({ readonly kind: 'refused' } & Refusal);

const FIELDS = ['from', 'to', 'source', 'wikis'] as const;
type FieldName = (typeof FIELDS)[number];
const SOURCES = ['auto', ...BACKFILL_SOURCES] as const;
const SOURCE_NAMES: Readonly<Record<(typeof SOURCES)[number], string>> = {
  auto: 'The cheapest that has the hour',
  stream: 'EventStreams, read again',
  api: 'Action API, wiki by wiki',
  dump: 'History dumps',
};

export function BackfillForm({ wiki, span, token, denied, started }: Props) {
  const [sent, setSent] = useState<Sent>({ kind: 'no' });
  // What is shown moves with time; what the reader is typing does not.
  const [begin] = useState(span);
  const isLive = begin !== undefined && begin.to * 1000 > Date.now();
  const form = useRef<HTMLFormElement>(null);
  const problems = sent.kind === 'refused' ? sent.fields : {};
  const firstWrong = FIELDS.find(name => problems[name] !== undefined);
  useEffect(() => {
    if (firstWrong === undefined) return;
    form.current?.querySelector<HTMLElement>(`[name="${firstWrong}"]`)?.focus();
  }, [sent]);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const input = inputOf(new FormData(event.currentTarget as HTMLFormElement));
    setSent({ kind: 'sending' });
    denied(undefined);
    try {
      const { id } = await startBackfill(input, token);
      setSent({ kind: 'started', id });
      started();
    } catch (error) {
      const refusal = refusalOf(error, FIELDS);
      setSent({ kind: 'refused', ...refusal });
      denied(refusal.fields['token']);
    }
  };
  const wrong = (name: FieldName) => ({
    id: `backfill-${name}`,
    name,
    'aria-invalid': problems[name] !== undefined,
    'aria-describedby': problems[name] === undefined ? undefined : `backfill-${name}-problem`,
  });
  return (
    <form class="backfill-form" ref={form} aria-label="New backfill" onSubmit={event => void submit(event)}>
      <Field name="from" label="From (UTC)" problem={problems['from']}>
        <input type="datetime-local" required defaultValue={fieldText(begin?.from)} {...wrong('from')} />
      </Field>
      <Field name="to" label="To (UTC); empty: now" problem={problems['to']}>
        <input type="datetime-local" defaultValue={isLive ? '' : fieldText(begin?.to)} {...wrong('to')} />
      </Field>
      <Field name="source" label="Source" problem={problems['source']}>
        <select {...wrong('source')}>
          {SOURCES.map(source => (
            <option key={source} value={source}>
              {SOURCE_NAMES[source]}
            </option>
          ))}
        </select>
      </Field>
      <Field name="wikis" label="Wikis; empty: all" problem={problems['wikis']}>
        <input
          type="text"
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          placeholder="enwiki, dewiki"
          defaultValue={wiki ?? ''}
          {...wrong('wikis')}
        />
      </Field>
      <button type="submit" disabled={token === '' || sent.kind === 'sending'}>
        Start the backfill
      </button>
      <p role="status">
        {sent.kind === 'started' && (
          <>
            Started <code>{sent.id}</code>.
          </>
        )}
      </p>
      {sent.kind === 'refused' && sent.other !== undefined && (
        <p class="wrong" role="alert">
          {sent.other}
        </p>
      )}
    </form>
  );
}

interface FieldProps {
  readonly name: FieldName;
  readonly label: string;
  readonly problem: string | undefined;
  readonly children: ComponentChildren;
}

function Field({ name, label, problem, children }: FieldProps) {
  return (
    <div>
      <label for={`backfill-${name}`}>{label}</label>
      {children}
      {problem !== undefined && (
        <p class="wrong" role="alert" id={`backfill-${name}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

/** An empty field is left out: the API has a default for it. */
function inputOf(fields: FormData): BackfillInput {
  const text = (name: FieldName): string => {
    const value = fields.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  // A field has a time without a zone: here it is always UTC.
  const [from, to] = [text('from'), text('to')];
  const wikis = text('wikis')
    .split(/[\s,]+/)
    .filter(wiki => wiki !== '');
  const source = SOURCES.find(known => known === text('source')) ?? 'auto';
  return {
    ...(from !== '' && { from: `${from}Z` }),
    ...(to !== '' && { to: `${to}Z` }),
    source,
    ...(wikis.length > 0 && { wikis }),
  };
}

function fieldText(second: number | undefined): string {
  return second === undefined ? '' : isoSeconds(second).slice(0, 16);
}
