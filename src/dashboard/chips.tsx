/** The wikis that the one of the page is compared with: each can be removed. */
import type { ComparedLine } from './overlay.ts';
import { LineSwatch } from './line-swatch.tsx';
import type { View } from './url-state.ts';

interface Props {
  readonly view: View;
  /** Of these wikis, as far as they are known; the wiki of the page first. */
  readonly lines: readonly ComparedLine[];
  readonly choose: (change: Partial<View>) => void;
}

export function Chips({ view, lines, choose }: Props) {
  const { compare, indexed } = view;
  return (
    <div class="chips-list" role="group" aria-label="Compared with">
      {compare.map((wiki, at) => {
        const line = lines.find(one => one.wiki === wiki);
        const name = line?.name ?? wiki;
        return (
          <span class="chip" key={wiki}>
            <LineSwatch at={at + 1} /> {name}
            {line?.isUnknown === true && <span class="missed">unknown wiki</span>}
            <button
              type="button"
              class="close"
              aria-label={`Remove ${name}`}
              onClick={() => choose({ compare: compare.filter(other => other !== wiki) })}
            >
              ×
            </button>
          </span>
        );
      })}
      <label>
        <input type="checkbox" checked={indexed} onChange={() => choose({ indexed: !indexed })} /> Indexed to
        100
      </label>
    </div>
  );
}
