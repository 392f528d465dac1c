/**
 * Selects a wiki: a plain select with every wiki, and next to it a search field that finds one of two thousand by
 * database name or language. The order of the options stays fixed while the page is open, because a list that re-sorts
 * under the pointer leads to wrong picks.
 */
import { useMemo, useRef, useState } from 'preact/hooks';
import { findWiki } from './find-wiki.ts';
import { wikiTitle } from './wiki-title.ts';

interface Props {
  readonly wiki: string | undefined;
  readonly wikis: readonly string[] | undefined;
  readonly choose: (wiki: string) => void;
}

/** How many of the most recently active wikis are at the top. */
const RECENT_COUNT = 8;

export function WikiSelect({ wiki, wikis, choose }: Props) {
  const known = wikis ?? [];
  const recent = useRef<readonly string[]>([]);
  if (recent.current.length === 0) recent.current = known.slice(0, RECENT_COUNT);
  const names = known.toSorted().join(' ');
  // Twice two thousand elements: created again only when the list changes, not on every response.
  const options = useMemo(() => {
    const rest = names.split(' ').filter(name => name !== '' && !recent.current.includes(name));
    return (
      <>
        <Options label="Recently active" wikis={recent.current} />
        <Options label="All other wikis" wikis={rest} />
      </>
    );
  }, [names]);
  const suggestions = useMemo(() => <Suggestions wikis={known} />, [names]);
  const unlisted = wiki !== undefined && !known.includes(wiki) ? wiki : undefined;
  return (
    <fieldset class="group wiki">
      <legend>Wiki</legend>
      <div class="wiki-fields">
        <select
          aria-label="Wiki"
          value={wiki ?? ''}
          onChange={event => choose(event.currentTarget.value)}
          disabled={known.length === 0 && wiki === undefined}
        >
          {wiki === undefined && <option value="">{wikis === undefined ? 'Loading…' : 'None yet'}</option>}
          {unlisted !== undefined && <option value={unlisted}>{unlisted}</option>}
          {options}
        </select>
        <WikiFinder wikis={known} choose={choose} />
        {suggestions}
      </div>
    </fieldset>
  );
}

function Options({ label, wikis }: { label: string; wikis: readonly string[] }) {
  if (wikis.length === 0) return null;
  return (
    <optgroup label={label}>
      {wikis.map(wiki => (
        <option key={wiki} value={wiki}>
          {optionText(wiki)}
        </option>
      ))}
    </optgroup>
  );
}

function Suggestions({ wikis }: { wikis: readonly string[] }) {
  return (
    <datalist id="wikis">
      {wikis.map(wiki => (
        <option key={wiki} value={wiki}>
          {wikiTitle(wiki) ?? wiki}
        </option>
      ))}
    </datalist>
  );
}

function WikiFinder({ wikis, choose }: { wikis: readonly string[]; choose: (wiki: string) => void }) {
  const [missed, setMissed] = useState<string>();
  const go = (field: HTMLInputElement): void => {
    const text = field.value;
    if (text.trim() === '') return setMissed(undefined);
    const found = findWiki(text, wikis);
    setMissed(found === undefined ? text.trim() : undefined);
    if (found === undefined) return;
    field.value = '';
    choose(found);
  };
  return (
    <div class="finder">
      <input
        type="search"
        list="wikis"
        aria-label="Find a wiki by name or language"
        aria-describedby={missed === undefined ? undefined : 'wiki-missed'}
        aria-invalid={missed !== undefined}
        placeholder="Find…"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onChange={event => go(event.currentTarget)}
        onInput={event => {
          // Picking a suggestion arrives as a replacement; typing does not.
          if (event.inputType === 'insertReplacementText') go(event.currentTarget);
        }}
      />
      {missed !== undefined && (
        <span id="wiki-missed" class="missed" role="alert">
          No wiki matches “{missed}”.
        </span>
      )}
    </div>
  );
}

function optionText(wiki: string): string {
  const title = wikiTitle(wiki);
  return title === undefined ? wiki : `${wiki} · ${title}`;
}
