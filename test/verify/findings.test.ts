/** Findings are bounded, and the report says how many were left out. */
import { expect, test } from 'vitest';
import { Findings, errorOf, noteOf } from '../../src/verify/findings.ts';
import { describeVerification, exitCodeOf, verificationJson } from '../../src/verify/report.ts';
import type { Verification } from '../../src/verify/verify.ts';

function verificationOf(findings: Findings, uncompared = 0): Verification {
  const summaries = { log: 'l', bronze: 'b', offsets: 'o', gold: 'g', sums: 's' };
  const range = { from: '2026-11-20T10:00:00Z', to: '2026-11-20T12:00:00Z', hours: 2 };
  return { range, parts: 3, events: 1_234, edits: 567, uncompared, summaries, findings };
}

test('without findings the report has one line per check, and the verdict', () => {
  const verification = verificationOf(new Findings());
  expect(describeVerification(verification)).toEqual([
    '✔ log      l',
    '✔ bronze   b',
    '✔ offsets  o',
    '✔ gold     g',
    '✔ sums     s',
    'exact: 2 hours, 3 parts, 1,234 events, 567 edits; bronze, log and gold agree',
  ]);
  expect(exitCodeOf(verification)).toBe(0);
});

test('shows the first twenty findings of a kind, counts the rest, and gives their advice once', () => {
  const findings = new Findings();
  findings.add(noteOf(['bronze', 'unnamed_object'], 'n', 'a note'));
  for (let i = 1; i <= 23; i += 1)
    findings.add(errorOf(['bronze', 'object_missing'], `key ${i}`, `key ${i} is gone`, 'Restore it.'));
  const verification = verificationOf(findings);
  const lines = describeVerification(verification);
  expect(lines.slice(1, 5)).toEqual([
    '✘ bronze   b',
    '  ✘ key 1 is gone',
    '    → Restore it.',
    '  ✘ key 2 is gone',
  ]);
  expect(lines.filter(line => line.includes('is gone'))).toHaveLength(20);
  expect(lines.filter(line => line.includes('Restore it'))).toHaveLength(1);
  expect(lines).toContain('    and 3 more');
  expect(lines).toContain('  · a note');
  expect(lines.at(-1)).toBe('NOT exact: 23 findings');
  expect(exitCodeOf(verification)).toBe(1);
  expect(verificationJson(verification)).toMatchObject({
    exact: false,
    findings: 23,
    verdict: 'NOT exact: 23 findings',
    checks: [
      { check: 'log', ok: true },
      {
        check: 'bronze',
        ok: false,
        groups: [{ kind: 'object_missing', count: 23 }, { kind: 'unnamed_object' }],
      },
      ...['offsets', 'gold', 'sums'].map(check => ({ check, ok: true, groups: [] })),
    ],
  });
});

test('notes do not change the verdict, which says what was not compared', () => {
  const findings = new Findings();
  findings.add(noteOf(['gold', 'bronze_expired'], 'h', 'expired'));
  const verification = verificationOf(findings, 1);
  expect(describeVerification(verification).at(-1)).toMatch(
    /^exact: .*; 1 hours could not be compared, see above$/,
  );
  expect(exitCodeOf(verification)).toBe(0);
});
