/** A strip under the axis: what is known of each minute. */
import { coverageRuns } from './coverage-runs.ts';
import { formatDuration } from './format.ts';
import type { Standing } from './knowledge.ts';
import type { Model } from './model.ts';

const NAMES: Readonly<Record<Standing['kind'], string>> = {
  full: 'full',
  provisional: 'provisional',
  pending: 'pending',
  counting: 'still being counted',
  gap: 'in a gap',
  unread: 'not read',
};

export function CoverageStrip({ model }: { model: Model }) {
  const { span } = model;
  const runs = coverageRuns(model);
  const part = (seconds: number): string => `${(seconds / (span.to - span.from)) * 100}%`;
  return (
    <div class="coverage" role="img" aria-label={summary(runs)}>
      {runs.map(({ kind, from, to }) => (
        <span
          key={from}
          data-kind={kind}
          title={NAMES[kind]}
          style={{ insetInlineStart: part(from - span.from), width: part(to - from) }}
        />
      ))}
    </div>
  );
}

/** `Known: 2 h full, 5 min provisional.` */
function summary(runs: ReturnType<typeof coverageRuns>): string {
  const kinds = [...new Set(runs.map(({ kind }) => kind))];
  const each = kinds.map(kind => {
    const seconds = runs.filter(run => run.kind === kind).reduce((sum, { from, to }) => sum + to - from, 0);
    return `${formatDuration(seconds * 1000)} ${NAMES[kind]}`;
  });
  return `What is known of the range: ${each.join(', ')}.`;
}
