/** The counts of a rebuild, as gold and the rebuild activity state them. */
import { expect, test } from 'vitest';
import { auditCounts } from '../../../src/contracts/storage/hour-audit.ts';

test('an audit counts parts, and as duplicates the edits that are not distinct', () => {
  const counts = { rows: [], events: 10, edits: 7, distinct: 5, late: 1, unusable: 3 };
  expect(auditCounts(['a', 'b'], counts)).toEqual({
    parts: 2,
    events: 10,
    edits: 7,
    distinct: 5,
    duplicates: 2,
    late: 1,
    unusable: 3,
  });
});
