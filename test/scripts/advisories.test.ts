/** What `npm test` makes of the answer of a package registry, or of none. */
import { describe, expect, test } from 'vitest';
import { checkAdvisories, readAudit } from '../../scripts/testing/advisories.mjs';

/** As `npm audit --json` prints it. */
function report(...severities: readonly string[]): string {
  const vulnerabilities = severities.map((severity, i) => [
    `package-${i}`,
    {
      name: `package-${i}`,
      severity,
      via: [{ title: 'Prototype pollution', url: 'https://example.org/1' }, 'package-9'],
      range: '<2.0.0',
      fixAvailable: i === 0,
    },
  ]);
  return JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(vulnerabilities) as unknown,
  });
}

describe('a report', () => {
  test('without findings, or with slight ones, passes', () => {
    expect(readAudit(report())).toEqual({ kind: 'found', lines: [] });
    expect(readAudit(report('low', 'moderate'))).toEqual({ kind: 'found', lines: [] });
  });

  test('names each severe package, why, and whether there is a fix', () => {
    expect(readAudit(report('critical', 'low', 'high'))).toEqual({
      kind: 'found',
      lines: [
        'package-0 <2.0.0 (critical): Prototype pollution https://example.org/1; through package-9; fixed in a newer version: npm audit fix',
        'package-2 <2.0.0 (high): Prototype pollution https://example.org/1; through package-9; no fix yet',
      ],
    });
  });

  test.each(['', 'no network', 'null', '{"message":"405 Method Not Allowed","statusCode":405}'])(
    'that is none is no answer: %j',
    output => expect(readAudit(output)).toEqual({ kind: 'unanswered' }),
  );
});

describe('the check', () => {
  const run = async (script: string, timeoutMs = 60_000) => {
    const lines: string[] = [];
    const args = ['-e', script];
    const print = (line: string): number => lines.push(line);
    const outcome = await checkAdvisories({ command: process.execPath, args, timeoutMs, print });
    return { ...outcome, lines };
  };

  test('fails for a severe finding, whose exit code is 1', async () => {
    const script = `console.log(${JSON.stringify(report('high'))}); process.exitCode = 1`;
    expect(await run(script)).toMatchObject({ passed: 0, failed: 1 });
    expect(await run(`console.log(${JSON.stringify(report())})`)).toMatchObject({ passed: 1, failed: 0 });
  });

  test('says that nothing was checked, and fails nothing, when nobody answers in time', async () => {
    const unanswered = {
      passed: 0,
      failed: 0,
      files: [],
      lines: ['- advisories not checked: the registry did not answer'],
    };
    expect(await run('setInterval(() => {}, 1000)', 500)).toEqual(unanswered);
    expect(await run('process.exitCode = 1')).toEqual(unanswered);
    expect(
      await checkAdvisories({ command: 'no-such-npm', args: [], timeoutMs: 60_000, print: () => undefined }),
    ).toMatchObject({ failed: 0 });
  });
});
