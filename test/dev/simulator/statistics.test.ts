/** The universe resembles the real stream: the expected figures were measured there. */

import { describe, expect, it } from 'vitest';
import { History, MAX_LATENESS_MS } from '../../../dev/simulator/history.ts';
import { WIKIS } from '../../../dev/simulator/wikis.ts';
import { Universe } from '../../../dev/simulator/universe.ts';
import type { Event } from './client.ts';

const AT = Date.parse('2026-11-20T00:00:00Z') / 1000;
const universe = new Universe({ seed: 1, rate: 40, retentionMs: 7 * 86_400_000 });

function share<T>(items: readonly T[], is: (item: T) => boolean): number {
  return items.filter(is).length / items.length;
}

function quantile(numbers: readonly number[], q: number): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * q)] ?? NaN;
}

/** Three hours of night and morning, about 350,000 changes. */
const changes = Array.from({ length: 10_800 }, (_, i) => universe.changesOf(AT + i)).flat();

describe('facts', () => {
  it('have the same mix of types as the stream', () => {
    const type = (name: string) => share(changes, ({ deed }) => deed.type === name);
    expect(type('edit')).toBeGreaterThan(0.4);
    expect(type('edit')).toBeLessThan(0.5);
    expect(type('categorize')).toBeGreaterThan(0.4);
    expect(type('categorize')).toBeLessThan(0.5);
    expect(type('log')).toBeGreaterThan(0.04);
    expect(type('log')).toBeLessThan(0.1);
    expect(type('new')).toBeGreaterThan(0.02);
    expect(type('new')).toBeLessThan(0.06);
    expect(type('142')).toBeGreaterThan(0);
    expect(type('142')).toBeLessThan(0.001);
  });

  it('come from bots in about 32 %, in runs', () => {
    const bots = share(changes, ({ deed }) => deed.bot);
    expect(bots).toBeGreaterThan(0.28);
    expect(bots).toBeLessThan(0.36);
    const leaders = changes.filter(({ seq, deed }) => deed.leader === seq);
    const again = leaders.filter(({ deed }, i) => deed.bot && leaders[i + 1]?.deed.user === deed.user);
    expect(again.length / leaders.filter(({ deed }) => deed.bot).length).toBeGreaterThan(0.7);
  });

  it('come from 300 wikis with valid names', () => {
    expect(WIKIS.length).toBe(300);
    expect(new Set(WIKIS.map(({ db }) => db)).size).toBe(300);
    expect(WIKIS.every(({ db }) => /^[a-z0-9_]{1,64}$/.test(db))).toBe(true);
  });

  it('are skewed: three large wikis and a long tail', () => {
    const wiki = (db: string) => share(changes, ({ deed }) => deed.wiki.db === db);
    expect(Math.abs(wiki('commonswiki') - 0.33)).toBeLessThan(0.03);
    expect(Math.abs(wiki('wikidatawiki') - 0.24)).toBeLessThan(0.03);
    expect(Math.abs(wiki('enwiki') - 0.1)).toBeLessThan(0.02);
    const minute = changes.filter(({ timestamp }) => Math.floor(timestamp / 60) === Math.floor(AT / 60) + 5);
    const active = new Set(minute.map(({ deed }) => deed.wiki.db)).size;
    expect(active).toBeGreaterThan(60);
    expect(active).toBeLessThan(250);
    expect(new Set(changes.map(({ deed }) => deed.wiki.db)).size).toBeGreaterThan(280);
  });

  it('have the measured lateness, up to the maximum', () => {
    const late = changes.map(({ dtMs, timestamp }) => dtMs - timestamp * 1000);
    expect(quantile(late, 0.5)).toBeGreaterThan(900);
    expect(quantile(late, 0.5)).toBeLessThan(2000);
    expect(quantile(late, 0.99)).toBeGreaterThan(6000);
    expect(quantile(late, 0.99)).toBeLessThan(8000);
    const byMinutes = share(late, ms => ms > 8000);
    expect(byMinutes).toBeGreaterThan(0.0005);
    expect(byMinutes).toBeLessThan(0.0015);
    const byQuarters = share(late, ms => ms > 97_000);
    expect(byQuarters).toBeGreaterThan(0.00001);
    expect(byQuarters).toBeLessThan(0.0002);
    expect(late.every(ms => ms >= 0 && ms < MAX_LATENESS_MS)).toBe(true);
  });

  it('reach but do not exceed the maximum lateness in the long run', () => {
    const history = new History(2);
    let latest = 0;
    for (let seq = 0; seq < 2_000_000; seq++) latest = Math.max(latest, history.at(seq).latenessMs);
    expect(latest).toBeGreaterThan(0.9 * MAX_LATENESS_MS);
    // One second less, because timestamps are truncated to whole seconds.
    expect(latest).toBeLessThanOrEqual(MAX_LATENESS_MS - 1000);
  });

  it('are about 2 % out of order by dt, by at most 38 ms', () => {
    const steps = changes
      .filter(({ topic }) => topic.startsWith('eqiad'))
      .map(({ dtMs }, i, all) => dtMs - (all[i - 1]?.dtMs ?? dtMs));
    const back = share(steps, step => step < 0);
    expect(back).toBeGreaterThan(0.01);
    expect(back).toBeLessThan(0.03);
    expect(steps.every(step => step >= -38)).toBe(true);
    expect(changes.every(({ dtMs, arrivedMs }) => dtMs <= arrivedMs && dtMs >= arrivedMs - 38)).toBe(true);
  });

  it('come in web requests: an edit and its categorize rows', () => {
    const rows = changes.filter(({ deed }) => deed.type === 'categorize');
    expect(share(rows, ({ seq, deed }) => deed.leader < seq)).toBeGreaterThan(0.9);
  });
});

const events = Array.from({ length: 600 }, (_, i) => universe.changesOf(AT + i))
  .flat()
  .map(change => ({ change, text: universe.render(change) }))
  .map(({ change, text }) => ({ change, text, event: JSON.parse(text) as Event & Record<string, unknown> }));

describe('texts', () => {
  it('agree with the facts', () => {
    for (const { change, event } of events) {
      const { deed } = change;
      expect([event.wiki, event.type, event.bot, event.timestamp]).toEqual([
        deed.wiki.db,
        deed.type,
        deed.bot,
        change.timestamp,
      ]);
      expect([event.meta.topic, event.meta.offset, Date.parse(event.meta.dt)]).toEqual([
        change.topic,
        change.offset,
        change.dtMs,
      ]);
      expect((event.length?.new ?? 0) - (event.length?.old ?? 0)).toBe(deed.newLength - deed.oldLength);
    }
  });

  it('are as long as real ones', () => {
    const bytes = events.map(({ text }) => Buffer.byteLength(text));
    const mean = bytes.reduce((a, b) => a + b, 0) / bytes.length;
    expect(mean).toBeGreaterThan(1100);
    expect(mean).toBeLessThan(1350);
    expect(quantile(bytes, 0.99)).toBeLessThan(2600);
  });

  it('have unique ids, unique increasing revisions, and rcids above 2^31', () => {
    expect(new Set(events.map(({ event }) => event.meta.id)).size).toBe(events.length);
    for (const { event } of events)
      expect(event.meta.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const last = new Map<string, number>();
    for (const { event } of events) {
      expect(event.id ?? Infinity).toBeGreaterThan(2 ** 31);
      if (event.revision === undefined) continue;
      expect(event.revision.new).toBeGreaterThan(last.get(event.wiki) ?? 0);
      expect(event.revision.new).toBeGreaterThan(event.revision.old ?? 0);
      last.set(event.wiki, event.revision.new);
    }
  });

  it('have the fields of each type and no others', () => {
    const keys = (type: string) =>
      new Set(
        events.filter(({ event }) => event.type === type).map(({ event }) => Object.keys(event).join()),
      );
    const before = '$schema,meta,id,type,namespace,title,title_url,comment,timestamp,user,bot';
    const after = 'server_url,server_name,server_script_path,wiki,parsedcomment';
    expect(keys('edit')).toContain(`${before},notify_url,minor,patrolled,length,revision,${after}`);
    expect(keys('edit')).toContain(`${before},notify_url,minor,length,revision,${after}`);
    expect(keys('new')).toContain(`${before},notify_url,minor,patrolled,length,revision,${after}`);
    expect(keys('categorize')).toContain(`${before},notify_url,${after}`);
    const log = `log_id,log_type,log_action,log_params,log_action_comment,${after}`;
    expect(keys('log')).toContain(`${before},${log}`);
    expect(keys('log')).toContain(`${before.replace(',id,', ',')},${log}`);
    const created = events.filter(({ event }) => event.type === 'new');
    expect(
      created.every(({ event }) => event.length?.old === undefined && event.revision?.old === undefined),
    ).toBe(true);
    const logs = events.filter(({ event }) => event.type === 'log');
    const hidden = share(logs, ({ event }) => event.id === undefined);
    expect(hidden).toBeGreaterThan(0.3);
    expect(hidden).toBeLessThan(0.6);
    expect(share(logs, ({ event }) => Array.isArray(event['log_params']))).toBeGreaterThan(0.1);
  });

  it('sometimes contain text that is hard to parse', () => {
    const all = events.map(({ text }) => text).join('\n');
    for (const hard of ['\u2028', '🎉', '"~2026-', 'Категория:', '中', 'ال', '\\"', '\\\\', '→'])
      expect(all).toContain(hard);
    expect(share(events, ({ event }) => event.user === undefined)).toBeLessThan(0.002);
    expect(events.some(({ event }) => event.user === undefined)).toBe(true);
  });

  it('share the request id within a web request and only there', () => {
    const leaders = new Map<string, number>();
    for (const { change, event } of events) {
      expect(leaders.get(event.meta.request_id) ?? change.deed.leader).toBe(change.deed.leader);
      leaders.set(event.meta.request_id, change.deed.leader);
    }
  });
});
