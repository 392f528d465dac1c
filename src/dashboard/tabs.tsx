/** The tabs below the chart. The address says which one is open. */
import { lazy } from './lazy.tsx';
import type { Model } from './model.ts';
import type { Overlay } from './overlay.ts';
import type { PipelineTabProps } from './pipeline-tab.tsx';
import { TABS } from './url-state.ts';
import type { Tab, View } from './url-state.ts';
import { WikisTab } from './wikis-tab.tsx';

interface Props {
  readonly view: View;
  /** Undefined while there is no chart. */
  readonly model: Model | undefined;
  /** Undefined: nothing. */
  readonly overlay: Overlay | undefined;
  readonly pipeline: PipelineTabProps;
  readonly choose: (change: Partial<View>) => void;
  /** The same, without a history entry. */
  readonly settle: (change: Partial<View>) => void;
}

/** What is not open at first is not worth its script. */
const MinuteTable = lazy(async () => (await import('./minute-table.tsx')).MinuteTable);
const PipelineTab = lazy(async () => (await import('./pipeline-tab.tsx')).PipelineTab);

const NAMES: Readonly<Record<Tab, string>> = { wikis: 'Wikis now', table: 'Table', pipeline: 'Pipeline' };

export function Tabs({ view, model, overlay, pipeline, choose, settle }: Props) {
  const { tab: open, wiki } = view;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(open) + step + TABS.length) % TABS.length] ?? open;
    settle({ tab: next });
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <section class="card tabs" aria-label="Details">
      <div role="tablist" aria-label="Details" onKeyDown={onKeyDown}>
        {TABS.map(tab => (
          <button
            type="button"
            role="tab"
            key={tab}
            id={`tab-${tab}`}
            aria-selected={tab === open}
            aria-controls="tab-panel"
            tabIndex={tab === open ? 0 : -1}
            onClick={() => settle({ tab })}
          >
            {NAMES[tab]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${open}`}>
        {open === 'wikis' && <WikisTab wiki={wiki} choose={wiki => choose({ wiki })} />}
        {open === 'table' &&
          (model === undefined || wiki === undefined ? (
            <p class="aside">There is no chart yet.</p>
          ) : (
            <MinuteTable model={model} wiki={wiki} view={view} overlay={overlay} />
          ))}
        {open === 'pipeline' && <PipelineTab {...pipeline} />}
      </div>
    </section>
  );
}
