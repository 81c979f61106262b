// Stripped modules kept between two starts.
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { keepSources, keptSources, type Sources } from './code-cache.ts';
import { temporaryDirectory } from './test-support/test-database.ts';

const directories: string[] = [];

afterEach(() => {
  for (const each of directories.splice(0)) rmSync(each, { recursive: true, force: true });
});

function directory(): string {
  const made = temporaryDirectory();
  directories.push(made);
  return made;
}

/** What a process that starts now gives its worker. */
async function sourcesOfNewProcess(dataDir: string): Promise<Sources> {
  vi.resetModules();
  const { engineSources } = await import('./worker-code.ts');
  return engineSources(dataDir);
}

// Windows has no user ids to tell whose file it is; nothing is kept there.
describe.skipIf(process.platform === 'win32')('stripped modules', () => {
  test('[DB32] a later start takes them from the directory', async () => {
    const dataDir = directory();
    const first = await sourcesOfNewProcess(dataDir);
    const path = join(dataDir, 'engine-code.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/:"\/\/ /, ':"// kept: '));
    const second = await sourcesOfNewProcess(dataDir);
    expect(Object.keys(second)).toEqual(Object.keys(first));
    expect(Object.values(second).filter((text) => text.startsWith('// kept: '))).toHaveLength(1);
  });

  test('[DB32] they are taken for the same key only', () => {
    const dataDir = directory();
    expect(keptSources(dataDir, 'key')).toBeNull();
    keepSources(dataDir, 'key', { a: 'b' });
    expect(keptSources(dataDir, 'key')).toEqual({ a: 'b' });
    expect(keptSources(dataDir, 'another')).toBeNull();
    keepSources(dataDir, 'another', { c: 'd' });
    expect(keptSources(dataDir, 'another')).toEqual({ c: 'd' });
    expect(readdirSync(dataDir)).toEqual(['engine-code.json']);
  });

  test('[DB32] a file others may write, or that is cut off, is not run', () => {
    const dataDir = directory();
    keepSources(dataDir, 'key', { a: 'b' });
    const path = join(dataDir, 'engine-code.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o620);
    expect(keptSources(dataDir, 'key')).toBeNull();
    chmodSync(path, 0o600);
    expect(keptSources(dataDir, 'key')).not.toBeNull();
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -2));
    expect(keptSources(dataDir, 'key')).toBeNull();
  });

  test('[DB32] what comes with a directory from elsewhere is not run', () => {
    const [made, other] = [directory(), directory()];
    keepSources(made, 'key', { a: 'b' });
    copyFileSync(join(made, 'engine-code.json'), join(other, 'engine-code.json'));
    chmodSync(join(other, 'engine-code.json'), 0o600);
    expect(keptSources(other, 'key')).toBeNull();
  });

  test('[DB32] where they cannot be kept the start goes on', async () => {
    const dataDir = directory();
    mkdirSync(join(dataDir, 'engine-code.json'));
    expect(Object.keys(await sourcesOfNewProcess(dataDir)).length).toBeGreaterThan(50);
    expect(readdirSync(dataDir)).toEqual(['engine-code.json']);
  });
});
