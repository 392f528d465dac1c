/** ⑧ What the API says about a request that it refused, by the field of the form that it is about. Pure. */
import { ApiProblem } from './api-client.ts';

export interface Refusal {
  /** By the name of the field; `token` when the request was not allowed. */
  readonly fields: Readonly<Record<string, string>>;
  /** What no field of the form is about. */
  readonly other: string | undefined;
}

/** @param names of the fields of the form */
export function refusalOf(error: unknown, names: readonly string[]): Refusal {
  if (!(error instanceof ApiProblem)) {
    return { fields: {}, other: sentence(error instanceof Error ? error.message : String(error)) };
  }
  const { status, detail, fields: wrong } = error;
  if (status === 401 || status === 403) return { fields: { token: sentence(detail) }, other: undefined };
  const known = wrong.filter(({ parameter }) => names.includes(parameter));
  if (known.length === 0) return { fields: {}, other: sentence(error.message) };
  const [only] = known;
  // The text says more than what was expected: that a time lies in the future, for example.
  if (known.length === 1 && only !== undefined) {
    return { fields: { [only.parameter]: shortened(detail) }, other: undefined };
  }
  const entries = known.map(({ parameter, expected }) => [parameter, `Expected ${expected}.`]);
  return { fields: Object.fromEntries(entries) as Record<string, string>, other: undefined };
}

/** Without the name of the workflow, and without an example as JSON: the form has fields. */
function shortened(detail: string): string {
  return sentence(detail.replace(/^backfill: /, '').replace(/[.;]? Example: .*$/s, ''));
}

function sentence(text: string): string {
  const trimmed = text.trim().replace(/\.$/, '');
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}.`;
}
