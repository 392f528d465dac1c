/** The values at the pointer. Screen readers have the slider. */
import { formatAverage, formatCount, formatInterval, formatLocalInterval } from './format.ts';
import { Fragment } from 'preact';
import { LineSwatch } from './line-swatch.tsx';
import type { Reading } from './model.ts';
import { comparedCount, weekAgoCount } from './overlay-text.ts';
import type { Overlay } from './overlay.ts';
import { standingText } from './standing-text.ts';
import type { Zone } from './ticks.ts';
import { comparisonOf, hasNoHistory } from './usual.ts';
import type { Usual } from './usual.ts';
import { differenceText } from './usual-text.ts';

interface Props {
  readonly reading: Reading;
  /** Undefined: not known. */
  readonly usual: Usual | undefined;
  /** Undefined: nothing. */
  readonly overlay: Overlay | undefined;
  /** Middle of the bucket, from 0 to 1 of the plot's width. */
  readonly at: number;
  readonly zone: Zone;
}

export function Tooltip({ reading, usual, overlay, at, zone }: Props) {
  const { minute, stepSec, total, human = 0, bot = 0, known, average } = reading;
  const state = standingText(reading);
  const comparison = comparisonOf(reading, usual);
  const format = zone === 'utc' ? formatInterval : formatLocalInterval;
  return (
    <div class="tooltip" data-side={at > 0.5 ? 'left' : 'right'} style={`--at: ${at}`} aria-hidden="true">
      <p class="tooltip-when">{format(minute, minute + stepSec)}</p>
      {overlay?.kind === 'compare' ? (
        <dl>
          {overlay.lines.map((line, at) => (
            <Fragment key={line.wiki}>
              <dt>
                <LineSwatch at={at} /> {line.name}
              </dt>
              <dd>{comparedCount(line, minute)}</dd>
            </Fragment>
          ))}
        </dl>
      ) : (
        <>
          {total !== undefined && (
            <dl>
              <dt>Total</dt>
              <dd>{formatCount(total)}</dd>
              <dt>Human</dt>
              <dd>{formatCount(human)}</dd>
              <dt>Bot</dt>
              <dd>{formatCount(bot)}</dd>
              {stepSec > 60 && known > 0 && (
                <>
                  <dt>A minute</dt>
                  <dd>{formatAverage(total / known)}</dd>
                </>
              )}
              {average !== undefined && (
                <>
                  <dt>Average</dt>
                  <dd>{formatAverage(average)}</dd>
                </>
              )}
              {comparison !== undefined && (
                <>
                  <dt>Usual</dt>
                  <dd>{formatAverage(comparison.usual)}</dd>
                  <dt>Difference</dt>
                  <dd>{differenceText(comparison)}</dd>
                </>
              )}
              {overlay?.kind === 'week-ago' && (
                <>
                  <dt>Week ago</dt>
                  <dd>{weekAgoCount(overlay, minute)}</dd>
                </>
              )}
            </dl>
          )}
          {hasNoHistory(usual) && <p class="tooltip-state">Usual: not enough history yet</p>}
        </>
      )}
      {state !== '' && <p class="tooltip-state">{state}</p>}
    </div>
  );
}
