/** Formats a verification as text or as JSON. Pure. */
import { grouped as n } from '../core/grouped.ts';
import { CHECKS } from './findings.ts';
import type { FindingGroup } from './findings.ts';
import type { Verification } from './verify.ts';

/** One line per check with its findings below, then the verdict. */
export function describeVerification(verification: Verification): string[] {
  const { findings, summaries } = verification;
  const lines = CHECKS.flatMap(check => {
    const groups = findings.of(check);
    const isOk = groups.every(({ severity }) => severity === 'note');
    return [`${isOk ? '✔' : '✘'} ${check.padEnd(8)} ${summaries[check]}`, ...groups.flatMap(describeGroup)];
  });
  return [...lines, verdictOf(verification)];
}

/** 0 without errors, 1 otherwise. */
export function exitCodeOf({ findings }: Verification): 0 | 1 {
  return findings.errors === 0 ? 0 : 1;
}

/** The verification as one JSON object; scripts rely on its field names and kinds. */
export function verificationJson(verification: Verification): object {
  const { findings, summaries, range, parts, events, edits, uncompared } = verification;
  return {
    exact: exitCodeOf(verification) === 0,
    verdict: verdictOf(verification),
    findings: findings.errors,
    ...range,
    parts,
    events,
    edits,
    uncompared,
    checks: CHECKS.map(check => ({
      check,
      ok: findings.of(check).every(({ severity }) => severity === 'note'),
      summary: summaries[check],
      groups: findings.of(check).map(({ severity, kind, count, kept }) => ({
        severity,
        kind,
        count,
        first: kept.map(finding => ({
          subject: finding.subject,
          message: finding.message,
          ...(finding.severity === 'error' && { advice: finding.advice }),
        })),
      })),
    })),
  };
}

function describeGroup({ kept, count, severity }: FindingGroup): string[] {
  const lines: string[] = [];
  let advised = '';
  for (const finding of kept) {
    lines.push(`  ${severity === 'error' ? '✘' : '·'} ${shown(finding.message)}`);
    // Repeating the same advice under twenty findings would hide them.
    if (finding.severity === 'error' && finding.advice !== advised) {
      lines.push(`    → ${shown(finding.advice)}`);
      advised = finding.advice;
    }
  }
  if (count > kept.length) lines.push(`    and ${n(count - kept.length)} more`);
  return lines;
}

/** Keys can have any character: none of them may move the cursor of a terminal, or begin a line of its own. */
function shown(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    character => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function verdictOf({ findings, range, parts, events, edits, uncompared }: Verification): string {
  const { errors } = findings;
  if (errors > 0) return `NOT exact: ${n(errors)} ${errors === 1 ? 'finding' : 'findings'}`;
  const caveat = uncompared > 0 ? `; ${n(uncompared)} hours could not be compared, see above` : '';
  return `exact: ${n(range.hours)} hours, ${n(parts)} parts, ${n(events)} events, ${n(edits)} edits; bronze, log and gold agree${caveat}`;
}
