/** The longer range around the one that is shown. Drag over it to select another; the buttons beside the range do it by key. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { SeriesAnswer } from './api-client.ts';
import { loadSeries } from './api-client.ts';
import type { Span } from './series.ts';
import { overviewPath, selectedRange } from './overview.ts';
import type { OverviewQuery } from './overview.ts';
import { useFeed } from './use-feed.ts';
import type { View } from './url-state.ts';

const FEED = {
  load: ({ asked, step }: OverviewQuery, signal: AbortSignal) => loadSeries(asked, step, signal),
  intervalMs: () => 300_000,
  carriesOver: (before: OverviewQuery, after: OverviewQuery) =>
    JSON.stringify(before) === JSON.stringify(after),
};

interface Props {
  readonly query: OverviewQuery | undefined;
  /** What the chart shows. */
  readonly span: Span;
  readonly minutes: number;
  /** The page polls: nothing tells what changes. */
  readonly repeats: boolean;
  readonly choose: (change: Partial<View>) => void;
}

export function OverviewBrush({ query, span, minutes, repeats, choose }: Props) {
  const { state } = useFeed(query, FEED, repeats);
  const answer = state.kind === 'idle' ? undefined : state.answer?.value;
  if (answer === undefined) return null;
  return <Brush answer={answer} span={span} minutes={minutes} choose={choose} />;
}

interface BrushProps extends Pick<Props, 'span' | 'minutes' | 'choose'> {
  readonly answer: SeriesAnswer;
}

function Brush({ answer, span, minutes, choose }: BrushProps) {
  const drawn = useMemo(() => overviewPath(answer), [answer]);
  const [dragged, setDragged] = useState<readonly [number, number]>();
  const box = useRef<SVGSVGElement>(null);
  const whole = { from: Date.parse(answer.from) / 1000, to: Math.max(Date.parse(answer.to) / 1000, span.to) };
  const length = whole.to - whole.from;
  const count = answer.wikis[0]?.human.length ?? 1;
  const pointOf = (event: PointerEvent): number => {
    const { left = 0, width = 1 } = box.current?.getBoundingClientRect() ?? {};
    return (event.clientX - left) / width;
  };
  const shown =
    dragged === undefined
      ? ([(span.from - whole.from) / length, (span.to - whole.from) / length] as const)
      : ([Math.min(...dragged), Math.max(...dragged)] as const);
  const [left, right] = shown.map(point => Math.min(Math.max(point, 0), 1) * 100);
  return (
    <>
      <svg
        ref={box}
        viewBox={`0 0 ${count} ${drawn?.most ?? 1}`}
        preserveAspectRatio="none"
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragged([pointOf(event), pointOf(event)]);
        }}
        onPointerMove={event => dragged !== undefined && setDragged([dragged[0], pointOf(event)])}
        onPointerUp={event => {
          if (dragged === undefined) return;
          setDragged(undefined);
          choose(selectedRange([dragged[0], pointOf(event)], whole, minutes));
        }}
        onPointerCancel={() => setDragged(undefined)}
      >
        <path d={drawn?.path ?? ''} />
      </svg>
      <span class="window" style={`left: ${left}%; width: max(${(right ?? 0) - (left ?? 0)}%, 3px)`} />
    </>
  );
}
