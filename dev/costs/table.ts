/** The tables of the page: what was measured, and what it implies. Pure. */
import { totalOfActions } from './actions.ts';
import {
  HOURS_PER_MONTH,
  billOf,
  bytesOf,
  compactionOf,
  readingPerHour,
  requestDollars,
  usageOf,
} from './bill.ts';
import type { Bill, Kept, Terms, Usage } from './bill.ts';
import { bytesText, dollarText, numberText, tableOf } from './markdown.ts';
import { expectedFlushes } from './measured.ts';
import type { Measured, MeasuredReading } from './measured.ts';
import type { Prices } from './prices.ts';

export interface Tables {
  readonly day: string;
  readonly month: string;
  readonly requests: string;
  readonly actions: string;
  readonly reading: string;
  readonly changes: string;
  readonly pace: string;
  readonly prices: string;
}

export function tablesOf(measured: Measured, prices: Prices, terms: Terms): Tables {
  const bills = measured.cases.map(costs => billOf(costs, measured, prices, terms));
  const compared = bills.filter(({ costs }) => costs.flushSec === bills[0]?.costs.flushSec);
  return {
    day: dayTable(compared),
    month: monthTable(compared),
    requests: requestTable(compared, measured),
    actions: actionTable(compared),
    reading: readingTable(measured.readings, prices),
    changes: changeTable(bills, measured.readings, prices),
    pace: paceTable(bills),
    prices: priceTable(prices),
  };
}

/** A row of a table that has one column per bill. */
type Line = readonly [label: string, value: (bill: Bill) => string];

function billTable(head: string, bills: readonly Bill[], lines: readonly Line[]): string {
  const rows = lines.map(([label, value]) => [label, ...bills.map(value)]);
  return tableOf([head, ...bills.map(({ costs }) => costs.name)], rows);
}

function dayTable(bills: readonly Bill[]): string {
  const kinds = [...new Set(bills.flatMap(({ kept }) => kept.map(({ what }) => what)))];
  const growth = kinds.map((what): Line => {
    const label = `${what}: bytes, ${what === 'database' ? 'rows' : 'objects'}`;
    return [label, bill => heldText(grownOf(bill, what))];
  });
  return billTable('per day', bills, [
    ['events kept', bill => numberText(bill.eventsPerDay)],
    ['flushes', bill => numberText(bill.flushesPerHour * 24)],
    ['PUT', bill => numberText(bill.usage.put)],
    ['LIST', bill => numberText(bill.usage.list)],
    ['GET', bill => numberText(bill.usage.get)],
    ['DELETE', bill => numberText(bill.usage.delete)],
    ['bytes to S3', bill => bytesText(bill.usage.bytesIn)],
    ['bytes from S3', bill => bytesText(bill.usage.bytesOut)],
    ...growth,
  ]);
}

function monthTable(bills: readonly Bill[]): string {
  const held = (isCounted: (kept: Kept) => boolean): Line[1] => {
    return bill => bytesText(bytesOf(bill.kept.filter(isCounted)));
  };
  return billTable('per month', bills, [
    ['stored in S3', held(isInS3)],
    ['stored in the database', held(kept => !isInS3(kept))],
    ['requests', bill => dollarText(bill.dollars.requests)],
    ['storage of bronze, commit log, dead letters', bill => dollarText(bill.dollars.bronze)],
    ['storage of gold in S3', bill => dollarText(bill.dollars.gold)],
    ['database', bill => dollarText(bill.dollars.database)],
    ['**total**', bill => `**${dollarText(bill.dollars.total)}**`],
  ]);
}

function heldText({ count, bytes }: Kept['perDay']): string {
  return count === 0 ? '–' : `${bytesText(bytes)}, ${numberText(count)}`;
}

function isInS3({ what }: Kept): boolean {
  return what !== 'database';
}

function grownOf({ kept }: Bill, what: Kept['what']): Kept['perDay'] {
  return kept.find(entry => entry.what === what)?.perDay ?? { count: 0, bytes: 0 };
}

/** Requests per day by kind and place, and those that are measured separately. */
function requestTable(bills: readonly Bill[], measured: Measured): string {
  const asked = bills.flatMap(({ costs }) => costs.requests);
  const names = [...new Set(asked.map(({ request, place }) => `${request} ${place}`))].sort();
  const places = names.map((name): Line => [
    `${name.slice(0, name.indexOf(' ')).toUpperCase()} \`${name.slice(name.indexOf(' ') + 1)}\``,
    ({ costs }) => {
      const counts = costs.requests.filter(({ request, place }) => `${request} ${place}` === name);
      return numberText(totalOf(usageOf(counts, 24 / costs.hours)));
    },
  ]);
  const ages = [...new Set(measured.listings.map(({ goldDays }) => goldDays))];
  return billTable('per day', bills, [
    ...places,
    ['new attempts of the activity', ({ restarts }) => numberText(restarts.perDay)],
    ['requests of new attempts', ({ restarts }) => numberText(totalOf(restarts.usage))],
    ...ages.map((days): Line => [
      `compaction, ${days} days of gold`,
      ({ costs, compaction }) =>
        numberText(compaction === undefined ? 0 : totalOf(compactionOf(costs, measured, days))),
    ]),
  ]);
}

/** What Temporal bills, most frequent first. */
function actionTable(bills: readonly Bill[]): string {
  const most = (kind: string): number => Math.max(...bills.map(({ actions }) => actions[kind] ?? 0));
  const kinds = [...new Set(bills.flatMap(({ actions }) => Object.keys(actions)))];
  const rows = kinds
    .sort((a, b) => most(b) - most(a))
    .map((kind): Line => [kind, ({ actions }) => numberText(actions[kind] ?? 0)]);
  return billTable('per day', bills, [
    ...rows,
    ['**total**', ({ actions }) => `**${numberText(totalOfActions(actions))}**`],
  ]);
}

function totalOf(usage: Usage): number {
  return usage.put + usage.list + usage.get + usage.delete;
}

function readingTable(readings: readonly MeasuredReading[], prices: Prices): string {
  const rows = readings.map(reading => {
    const usage = readingPerHour(reading);
    const dollars = requestDollars(usage, prices);
    return [
      audienceOf(reading),
      numberText((reading.asked * 3_600) / reading.seconds),
      numberText(usage.list),
      numberText(usage.get),
      `$${dollars.toFixed(4)}`,
      dollarText(dollars * HOURS_PER_MONTH),
      numberText(totalOf(usageOf(reading.firstLook))),
      `${totalOf(usageOf(reading.idle))} in ${reading.idleSeconds} s`,
    ];
  });
  const head = ['open pages', 'requests to API', 'LIST', 'GET', 'dollars', 'per month, always open'];
  return tableOf([...head, 'first read', 'no page open'], rows);
}

function audienceOf({ pages, goldDays, listens }: MeasuredReading): string {
  return `${pages === 1 ? '1 page' : `${pages} pages`}, ${goldDays} days of gold${listens ? '' : ', no live feed'}`;
}

/** How a month would differ in cost from the first case, largest difference first. */
function changeTable(
  [first, ...others]: readonly Bill[],
  readings: readonly MeasuredReading[],
  prices: Prices,
): string {
  if (first === undefined) return '';
  const ofCases = others
    .filter(({ costs }) => settingsChanged(first, costs).length === 1)
    .map(bill => ({
      change: settingsChanged(first, bill.costs).join(),
      dollars: bill.dollars.total - first.dollars.total,
    }));
  const ofPages = readings.map(reading => ({
    change: `${audienceOf(reading)}, open day and night`,
    dollars: requestDollars(readingPerHour(reading), prices) * HOURS_PER_MONTH,
  }));
  const rows = [...ofCases, ...ofPages]
    .sort((a, b) => Math.abs(b.dollars) - Math.abs(a.dollars))
    .map(({ change, dollars }) => [change, `${dollars > 0 ? '+' : ''}${dollarText(dollars)}`]);
  return tableOf([`compared with ${first.costs.name}`, 'per month'], rows);
}

function settingsChanged({ costs }: Bill, { wikis, gold, flushSec }: Bill['costs']): string[] {
  return [
    ...(wikis.join() === costs.wikis.join() ? [] : [`\`FILTER_WIKI=${wikis.join()}\``]),
    ...(gold === costs.gold ? [] : [`\`GOLD=${gold}\``]),
    ...(flushSec === costs.flushSec ? [] : [`\`FLUSH_MAX_SEC=${flushSec}\``]),
  ];
}

function paceTable(bills: readonly Bill[]): string {
  const rows = bills.map(({ costs, flushesPerHour }) => [
    costs.name,
    costs.hours.toFixed(2),
    numberText(costs.events),
    flushesPerHour.toFixed(2),
    expectedFlushes(costs).toFixed(2),
    numberText(costs.bytes / costs.events),
    numberText(costs.storedBytes / costs.events),
  ]);
  const head = [
    'case',
    'hours',
    'events',
    'flushes per hour',
    'expected live',
    'bytes per event',
    'stored bytes',
  ];
  return tableOf(head, rows);
}

function priceTable(prices: Prices): string {
  const rows = Object.values(prices).map(({ what, usd, unit, asOf, source, isConfirmed }) => [
    what,
    `$${usd} / ${unit}`,
    isConfirmed ? asOf : `${asOf}, **not confirmed**`,
    source,
  ]);
  return tableOf(['what', 'price', 'as of', 'source'], rows, { isProse: true });
}
