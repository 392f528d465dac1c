/**
 * No promise of a workflow is without a handler. The linter finds a promise that is dropped; this finds one that is kept
 * for later, and may reject before it is awaited.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst, transformWithEsbuild } from 'vite';
import { describe, expect, test } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../src/workflows', import.meta.url));
/** Has the handlers that the others go through. */
const files = readdirSync(FOLDER).filter(name => name.endsWith('.ts') && name !== 'promises.ts');

/** Calls that return promises, by name: of JavaScript, and of the SDK. */
const KNOWN =
  'then catch finally race all allSettled any sleep condition startChild executeChild result signal run ' +
  'cancellable nonCancellable withTimeout executeWithOptions mapBounded';
/** Whatever is called of their results is an activity. */
const POLICIES = ['streaming', 'applying', 'rebuilding', 'backfilling', 'planning'];

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Names of the functions and methods of a source that return promises. */
function ownNames(source: string): string[] {
  const asynchronous = source.matchAll(/async (?:function )?#?(\w+)|const (\w+) = async\b/g);
  const declared = source.matchAll(/(?:function |const |^ +)#?(\w+)[^;{}]*\): Promise</gm);
  return [...asynchronous, ...declared].flatMap(([, name, other]) => name ?? other ?? []);
}

/** The text of every promise in a source that may reject before it has a handler. */
async function unhandledIn(source: string, names: ReadonlySet<string>): Promise<string[]> {
  const { code } = await transformWithEsbuild(source, 'workflow.ts', { target: 'es2022' });
  const found: string[] = [];
  const visit = (node: Node, parents: readonly Node[]): void => {
    if (node.type === 'CallExpression' && makesPromise(node, names) && !hasHandler([node, ...parents]))
      found.push(code.slice(node.start, node.end));
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value])
        if (isNode(child)) visit(child, [node, ...parents]);
  };
  visit(parseAst(code) as unknown as Node, []);
  return found;
}

function makesPromise({ callee }: Node, names: ReadonlySet<string>): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === 'Identifier') return names.has(String(callee['name']));
  const { object, property } = callee;
  if (!isNode(object) || !isNode(property)) return false;
  const made = isNode(object['callee']) ? object['callee'] : object;
  return names.has(String(property['name'])) || POLICIES.includes(String(made['name']));
}

/** Whether a promise is awaited, returned, passed on as an argument, or continued by `then`, which is looked at itself. */
function hasHandler([node, parent, ...others]: readonly Node[]): boolean {
  if (node === undefined || parent === undefined) return false;
  switch (parent.type) {
    case 'AwaitExpression':
    case 'ReturnStatement':
    case 'ArrowFunctionExpression':
      return true;
    case 'CallExpression':
      return parent['callee'] !== node;
    case 'MemberExpression':
      return isNode(parent['property']) && /^(then|catch|finally)$/.test(String(parent['property']['name']));
    case 'ArrayExpression':
    case 'ConditionalExpression':
    case 'LogicalExpression':
      return hasHandler([parent, ...others]);
    default:
      return false;
  }
}

const sources = files.map(name => ({ name, source: readFileSync(join(FOLDER, name), 'utf8') }));
const exported = sources.flatMap(({ source }) =>
  ownNames(source).filter(name => new RegExp(`^export (async )?function ${name}\\b`, 'm').test(source)),
);
const names = new Set([...KNOWN.split(' '), ...exported]);

test.each(sources)('every promise in $name has a handler', async ({ source }) => {
  expect(await unhandledIn(source, new Set([...names, ...ownNames(source)]))).toEqual([]);
});

describe('finds a promise', () => {
  test.each([
    ['that is kept in a variable', 'const waiting = condition(() => isDone); enter(); await waiting;'],
    ['that is kept in a field', 'this.timer = scope.run(() => work()).then(() => end());'],
    ['that is dropped', 'sleep(5);'],
    ['that is dropped on purpose', 'void child.result();'],
    ['of an activity', 'const audit = rebuilding().rebuildHour({ hour });'],
    ['of our own', 'const seal = this.seal(hour);'],
    ['in a list that is kept', 'const both = [sleep(1), sleep(2)];'],
  ])('%s', async (_, source) => {
    expect(await unhandledIn(source, new Set([...names, 'seal']))).not.toEqual([]);
  });

  test.each([
    'await condition(() => isDone);',
    'const waiting = handled(condition(() => isDone));',
    'background(child.result().catch(report));',
    'await Promise.race([sleep(1), condition(() => isDone)]);',
    'const audit = await rebuilding().rebuildHour({ hour });',
  ])('but not in %s', async source => {
    expect(await unhandledIn(source, names)).toEqual([]);
  });
});
