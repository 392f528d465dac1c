/**
 * Reads workflow inputs. Checked by hand: a schema library in the bundle costs memory in every workflow. And never with
 * a plain Error: it would retry the workflow task forever instead of failing the workflow.
 */
import { ApplicationFailure } from '@temporalio/common';
import { isObject } from '../../core/json.ts';
import type { Kind } from '../kinds.ts';

type Fields = Readonly<Record<string, Kind<unknown>>>;
export type InputOf<F extends Fields> = {
  readonly [K in keyof F]?: F[K] extends Kind<infer T> ? T : never;
};

/** The failure of an input that can never work: it fails the workflow at once. */
export function invalidInput(message: string, field: string): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type: 'InvalidInput',
    nonRetryable: true,
    details: [{ field }],
  });
}

/**
 * Reads a workflow's input object. No input at all counts as `{}`.
 * @throws ApplicationFailure `InvalidInput` that names the field, what it got and an example
 */
export function readInput<F extends Fields>(
  workflow: string,
  raw: unknown,
  fields: F,
  example: object,
): InputOf<F> {
  const exampleText = `Example: ${JSON.stringify(example)}`;
  if (raw === undefined || raw === null) return {};
  if (!isObject(raw)) {
    throw invalidInput(
      `${workflow}: the input must be one JSON object, got ${show(raw)}. ${exampleText}`,
      '',
    );
  }
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const kind = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (kind === undefined) {
      const known = Object.keys(fields).join(', ');
      const problem = `there is no field ${show(name)}; the fields are ${known}`;
      throw invalidInput(`${workflow}: ${problem}. ${exampleText}`, name);
    }
    if (value === null || value === undefined) continue;
    input[name] = kind.read(value);
    if (input[name] === undefined) {
      const problem = `${name} must be ${kind.expected}, got ${show(value)}`;
      throw invalidInput(`${workflow}: ${problem}. ${exampleText}`, name);
    }
  }
  return input as InputOf<F>;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
