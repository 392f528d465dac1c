/** The Dockerfile, as far as it can be checked without an engine. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { declarations } from '../src/config/declarations.ts';
import { DEFAULT_PORTS } from '../src/telemetry/watch-port.ts';
import { copiesOf, parseDockerfile } from './support/compose-dockerfile.ts';
import type { Stage } from './support/compose-dockerfile.ts';
import { repositoryFile } from './support/compose-file.ts';

const stages = parseDockerfile(repositoryFile('Dockerfile'));
const production = stageNamed('production');

function stageNamed(name: string): Stage {
  const found = stages.find(stage => stage.name === name);
  if (found === undefined) throw new Error(`the Dockerfile has no stage ${name}`);
  return found;
}

function valuesOf(stage: Stage, instruction: string): string[] {
  return stage.instructions.filter(({ name }) => name === instruction).map(({ value }) => value);
}

function copiedFromRepository(stage: Stage): string[] {
  return copiesOf(stage).flatMap(({ from, sources }) => (from === undefined ? sources : []));
}

function exists(path: string): boolean {
  return existsSync(fileURLToPath(new URL(`../${path}`, import.meta.url)));
}

describe('Dockerfile', () => {
  it('uses one exact version of Node in every stage', () => {
    const names = stages.map(({ name }) => name);
    const images = stages.map(({ from }) => from).filter(from => !names.includes(from));
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:\d+\.\d+\.\d+-[a-z]+-slim(@sha256:[0-9a-f]{64})?$/);
  });

  it('builds the production image by default', () => {
    expect(stages.at(-1)).toMatchObject({ from: 'production', instructions: [] });
  });

  it('copies files that exist, and .dockerignore admits exactly those', () => {
    const copied = [...new Set(stages.flatMap(copiedFromRepository))].sort();
    expect(copied.filter(path => !exists(path))).toEqual([]);
    const rules = repositoryFile('.dockerignore').split('\n');
    const [first, ...exceptions] = rules.filter(rule => rule !== '' && !rule.startsWith('#'));
    expect(first).toBe('*');
    expect(exceptions.sort()).toEqual(copied.map(path => `!${path}`).sort());
  });

  it('copies every source of the build before building', () => {
    const [, list = ''] = /const SOURCES = \[([^\]]*)\]/.exec(repositoryFile('scripts/build.mjs')) ?? [];
    const sources = [...list.matchAll(/'([^']+)'/g)].map(([, path = '']) => path);
    expect(sources).toContain('src');
    const copied = copiedFromRepository(stageNamed('build'));
    expect(sources.filter(path => !copied.some(one => path === one || path.startsWith(`${one}/`)))).toEqual(
      [],
    );
  });

  it('gives production the built program and runtime packages, without tools or sources', () => {
    const copies = copiesOf(production);
    expect(copies).toContainEqual({ from: 'build', sources: ['/app/dist'] });
    expect(copies).toContainEqual({ from: 'packages', sources: ['/app/node_modules'] });
    expect(valuesOf(stageNamed('packages'), 'RUN').join()).toContain('npm ci --omit=dev');
    // The stage `dev` adds its own part, and a lock file would make bin/wikigauge.mjs take the image for a clone.
    expect(valuesOf(stageNamed('build'), 'RUN').join()).toContain('mv dist/dev');
    for (const path of ['src', 'dev', 'test', 'package-lock.json'])
      expect(copiedFromRepository(production)).not.toContain(path);
  });

  it('does not run as root', () => {
    expect(valuesOf(production, 'USER').at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it.each(['production', 'dev'])('%s starts a program that the build makes, without a shell', name => {
    const [entry = ''] = valuesOf(stageNamed(name), 'ENTRYPOINT');
    const [node, program = ''] = JSON.parse(entry) as string[];
    expect(node).toBe('node');
    expect(exists(program.replace(/^dist\//, '').replace(/\.js$/, '.ts'))).toBe(true);
    expect(repositoryFile('bin/wikigauge.mjs')).toContain(`'../${program}'`);
  });

  it('exposes the default ports of the API, and of the metrics', () => {
    const ports = [declarations.PORT.fallbackText, ...Object.values(DEFAULT_PORTS)];
    expect(valuesOf(production, 'EXPOSE')).toEqual([ports.join(' ')]);
  });
});
