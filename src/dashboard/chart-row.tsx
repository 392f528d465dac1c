/** The chart, with what is known of the selected minutes beside it, or below where there is no room. */
import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { lazy } from './lazy.tsx';
import type { Model } from './model.ts';
import type { View } from './url-state.ts';
import type { Usual } from './usual.ts';

const SelectionPanel = lazy(async () => (await import('./selection-panel.tsx')).SelectionPanel);

interface Props {
  readonly view: View;
  readonly isChart: boolean;
  readonly model: Model | undefined;
  /** Undefined: not known. */
  readonly usual: Usual | undefined;
  readonly domain: string | undefined;
  readonly simulated: boolean;
  readonly nowSec: () => number;
  readonly settle: (change: Partial<View>) => void;
  readonly children: ComponentChildren;
}

export function ChartRow({
  view,
  isChart,
  model,
  usual,
  domain,
  simulated,
  nowSec,
  settle,
  children,
}: Props) {
  const { wiki, minutes, end, selected } = view;
  // A frozen range is about itself, until the reader has seen enough of it.
  const range = end === undefined ? undefined : { from: end - minutes * 60, to: end };
  const [closed, setClosed] = useState<string>();
  const name = JSON.stringify([wiki, range]);
  const selection = selected ?? (closed === name ? undefined : range);
  const close = (): void => {
    if (selected === undefined) setClosed(name);
    else settle({ selected: undefined });
  };
  const isOpen = selection !== undefined;
  return (
    <div class="chart-row" data-open={isOpen}>
      {children}
      {isOpen && (
        <div class="beside">
          {isChart && model !== undefined && wiki !== undefined && (
            <SelectionPanel
              wiki={wiki}
              domain={domain}
              model={model}
              usual={usual}
              selection={selection}
              simulated={simulated}
              nowSec={nowSec}
              close={close}
            />
          )}
        </div>
      )}
    </div>
  );
}
