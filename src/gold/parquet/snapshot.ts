/** Snapshots of gold in S3. An hour is one object, so one request reads consistent rows, ledger and audit. */
import { byKey } from '../../core/minute-counts.ts';
import { isoMs } from '../../core/time.ts';
import type { GoldSnapshots } from '../snapshot.ts';
import { handoverEndOf } from '../older-rows.ts';
import { DaySnapshots } from './day-snapshot.ts';
import { readHour } from './hour-object.ts';
import { ledgerEntries } from './hour-view.ts';
import { oddObjects } from './odd-objects.ts';
import { openMetadata } from './item-kinds.ts';
import { UnreadableObjects } from '../unreadable-objects.ts';
import type { ObjectStore, VersionedStore } from '../../store/object-store.ts';

/** The caller closes the object store. */
export function openS3Snapshots(store: ObjectStore & VersionedStore): GoldSnapshots {
  const { gaps } = openMetadata(store, 0, new UnreadableObjects(Date.now));
  const days = new DaySnapshots(store);
  return {
    async hour(hour) {
      const { etag, hour: read } = await readHour(store, hour);
      const { audit, rows, evidence, corrections = [] } = read;
      return {
        rows: [...rows].sort(byKey),
        ledger: ledgerEntries(hour, read),
        audit,
        evidence,
        corrections,
        ofDay: await days.hour(hour, etag),
        handoverEnd: handoverEndOf(await gaps.all()),
      };
    },
    odd: (fromMs, toMs, nowMs) => oddObjects(store, fromMs, toMs, nowMs),
    async missingOffsets(fromMs, toMs) {
      const missing = new Map<string, number>();
      for (const gap of await gaps.all(isoMs(fromMs - 1))) {
        if (gap.cause !== 'offsets' || gap.missing === undefined || Date.parse(gap.from) >= toMs) continue;
        const topic = gap.topic ?? '';
        missing.set(topic, (missing.get(topic) ?? 0) + gap.missing);
      }
      return missing;
    },
    async close() {},
  };
}
