/**
 * Selects a wiki: type any of its names, in any language, its code, database name, domain or an address of it. What is
 * shown stays while nothing is found. `/` leads here from anywhere on the page. The + beside it finds a wiki to compare.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { loadWikiRows } from './api-client.ts';
import type { WikiRow } from './api-client.ts';
import { formatCount } from './format.ts';
import { useFeed } from './use-feed.ts';
import { useKey } from './use-key.ts';
import { ranked, searchText } from './wiki-search.ts';

interface Props {
  readonly wiki: string | undefined;
  /** Name of the wiki; undefined until it is known. */
  readonly title: string | undefined;
  readonly choose: (wiki: string) => void;
  /** Adds a wiki to the chart; undefined: there are as many as can be told apart. */
  readonly compare: ((wiki: string) => void) | undefined;
}

interface Search {
  readonly q?: string;
  readonly limit: number;
}

const FEED = {
  load: (query: Search, signal: AbortSignal) => loadWikiRows(query, signal),
  intervalMs: () => 60_000,
  // The list does not go blank with each letter.
  carriesOver: () => true,
};
/** More would not be read. */
const SHOWN = 12;
const ASKED = 100;
/** Between two letters. */
const PAUSE_MS = 120;

export function WikiCombobox({ wiki, title, choose, compare }: Props) {
  const [typed, setTyped] = useState<string>();
  const [marked, setMarked] = useState(0);
  /** Enter was pressed before there was an answer. */
  const [isWaiting, setWaiting] = useState(false);
  /** What is picked is drawn beside the wiki of the page, not in place of it. */
  const [isAdding, setAdding] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const isOpen = typed !== undefined;
  const text = useSettled(searchText(typed ?? ''));
  const query = useMemo(() => (text === '' ? { limit: SHOWN } : { q: text, limit: ASKED }), [text]);
  const { state } = useFeed<Search, readonly WikiRow[]>(isOpen ? query : undefined, FEED, false);
  const rows = useMemo(() => {
    if (state.kind === 'idle' || state.answer === undefined) return undefined;
    return ranked(state.answer.value, text).slice(0, SHOWN);
  }, [state, text]);
  useKey('/', () => {
    field.current?.focus();
    field.current?.click();
  });

  const isAnswered = state.kind === 'current' && text === searchText(typed ?? '');
  const close = (): void => {
    setTyped(undefined);
    setWaiting(false);
    setAdding(false);
  };
  const pick = (row: WikiRow | undefined): void => {
    if (row === undefined) return;
    (isAdding ? compare : choose)?.(row.wiki);
    close();
    field.current?.blur();
  };
  useEffect(() => {
    if (!isWaiting || !isAnswered) return;
    setWaiting(false);
    pick(rows?.[0]);
  }, [isWaiting, isAnswered]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = Math.max((rows?.length ?? 1) - 1, 0);
    switch (event.key) {
      case 'ArrowDown':
        if (!isOpen) setTyped('');
        setMarked(isOpen ? Math.min(marked + 1, last) : 0);
        break;
      case 'ArrowUp':
        setMarked(Math.max(marked - 1, 0));
        break;
      case 'Enter':
        if (isAnswered) pick(rows?.[marked]);
        else setWaiting(isOpen);
        break;
      case 'Escape':
        close();
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  const isMissed = isOpen && state.kind === 'current' && rows?.length === 0;
  return (
    <div class="combobox">
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label={isAdding ? 'Wiki to compare with' : 'Wiki'}
        aria-expanded={isOpen}
        aria-controls="wiki-list"
        aria-autocomplete="list"
        aria-activedescendant={
          isOpen && rows?.[marked] !== undefined ? `wiki-${rows[marked].wiki}` : undefined
        }
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        placeholder={isAdding ? 'Compare with: name, code, address' : 'Find a wiki: name, code, address'}
        value={typed ?? title ?? wiki ?? ''}
        onFocus={event => event.currentTarget.select()}
        onClick={() => typed === undefined && setTyped('')}
        onInput={event => {
          setTyped(event.currentTarget.value);
          setMarked(0);
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <kbd aria-hidden="true">/</kbd>
      <button
        type="button"
        class="add"
        aria-label="Compare with another wiki"
        title="Compare with another wiki"
        disabled={compare === undefined || wiki === undefined}
        // A click would first take the focus, which closes the list.
        onPointerDown={event => event.preventDefault()}
        onClick={() => {
          field.current?.focus();
          setTyped('');
          setMarked(0);
          setAdding(true);
        }}
      >
        +
      </button>
      <ul id="wiki-list" role="listbox" aria-label="Wikis" hidden={!isOpen || rows === undefined || isMissed}>
        {isOpen &&
          rows?.map((row, at) => (
            <Option key={row.wiki} row={row} isMarked={at === marked} pick={() => pick(row)} />
          ))}
      </ul>
      <p class="missed" role="status" hidden={!isMissed}>
        {isMissed && `No wiki matches “${typed}”. Try a language, a code such as “de”, or an address.`}
      </p>
    </div>
  );
}

function Option({ row, isMarked, pick }: { row: WikiRow; isMarked: boolean; pick: () => void }) {
  const { wiki, names, language, domain, edits } = row;
  return (
    <li
      id={`wiki-${wiki}`}
      role="option"
      aria-selected={isMarked}
      // A click would first take the focus, which closes the list.
      onPointerDown={event => event.preventDefault()}
      onClick={pick}
    >
      <span class="option-name">
        {names.english}
        {language !== undefined && language.own !== language.english && (
          <span lang={language.tag} dir={language.direction} class="aside">
            {' '}
            {language.own}
          </span>
        )}
      </span>
      <span class="aside">
        <code>{wiki}</code> {domain}
      </span>
      <span class="aside option-edits">{edits === 0 ? '' : `${formatCount(edits)} in an hour`}</span>
    </li>
  );
}

/** The value once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === '' ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
