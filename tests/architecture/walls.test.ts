/** The import walls on bad samples, then on the house itself. */
import { describe, expect, test } from 'vitest';
import { importsOf } from '#tests/architecture/imports.ts';
import { roomOrder, strayTsx, wallBreaches } from '#tests/architecture/walls.ts';
import { readProject } from '#tests/support/project-files.ts';

const house = { rooms: ['people', 'partners', 'plans'] };

/** Breaches of one made-up file that imports one thing. */
function breaches(path: string, specifier: string): string[] {
  return wallBreaches([{ path, text: `import { a } from '${specifier}';\n` }], house);
}

describe('reading imports', () => {
  test('[HO7] finds every form of import and leaves comments and texts alone', () => {
    const text = [
      "import { a } from '#shared/base/a.ts';",
      "import type { B } from './b.ts';",
      "import './c.css';",
      'import {\n  d,\n  type E,\n} from "zod";',
      "export { f } from '../f.ts';",
      "const g = await import('#client/g.ts');",
      "// import { h } from '#server/h.ts';",
      "/* import { i } from '#server/i.ts'; */",
      "const address = 'https://example.org/from';",
    ].join('\n');
    expect(importsOf({ path: 'client/plans/x.ts', text }).map((found) => found.target)).toEqual([
      'shared/base/a.ts',
      'client/plans/b.ts',
      'client/plans/c.css',
      'zod',
      'client/f.ts',
      'client/g.ts',
    ]);
  });
});

describe('bad samples', () => {
  test.each([
    ['HO1', 'shared/plans/rules.ts', 'node:fs'],
    ['HO1', 'shared/plans/rules.ts', 'yjs'],
    ['HO1', 'shared/base/live.ts', 'yjs'],
    ['HO1', 'shared/plans/rules.ts', '#server/base/env.ts'],
    ['HO2', 'server/plans/commands.ts', '#client/plans/api.ts'],
    ['HO2', 'client/plans/api.ts', '#server/plans/commands.ts'],
    ['HO3', 'shared/base/ids.ts', '#shared/people/shape.ts'],
    ['HO3', 'server/base/http.ts', '#server/people/queries.ts'],
    ['HO4', 'shared/people/shape.ts', '#shared/plans/shape.ts'],
    ['HO4', 'server/plans/commands.ts', '#server/partners/model.ts'],
    ['HO4', 'client/partners/page.tsx', '#client/plans/plan-page.tsx'],
    ['HO5', 'server/main.ts', '#server/people/routes.ts'],
    ['HO6', 'server/embedded-db/engine.ts', '#server/base/log.ts'],
    ['HO6', 'server/plans/model.ts', '#server/embedded-db/engine.ts'],
    ['HO7', 'server/plans/model.ts', './shape'],
    ['HO7', 'server/plans/model.ts', '#tests/support/app.ts'],
  ])('[%s] is reported for %s importing %s', (rule, path, specifier) => {
    expect(breaches(path, specifier)).toContain(`${path}: ${rule} imports ${specifier}`);
  });

  test.each([
    ['shared/plans/doc.ts', 'yjs'],
    ['shared/base/live-merge.ts', 'yjs'],
    ['server/plans/commands.ts', '#server/partners/queries.ts'],
    ['server/base/session.ts', '#shared/people/shape.ts'],
    ['server/base/mongo.ts', '#server/embedded-db/start.ts'],
    ['server/database-commands/backup-command.ts', '#server/embedded-db/backup.ts'],
    ['server/rooms.ts', '#server/plans/room.ts'],
    ['client/app/routes.tsx', '#client/plans/plan-page.tsx'],
    ['server/plans/commands.test.ts', '#tests/support/app.ts'],
  ])('[HO1, HO2, HO3, HO4, HO5, HO6, HO7] %s may import %s', (path, specifier) => {
    expect(breaches(path, specifier)).toEqual([]);
  });

  test('[HO7] TSX outside the client is reported', () => {
    const files = ['client/plans/page.tsx', 'shared/plans/page.tsx'].map((path) => ({ path, text: '' }));
    expect(strayTsx(files)).toEqual(['shared/plans/page.tsx']);
  });

  test('[HO4] the line of rooms is the list of rooms.ts, then what only the client has', () => {
    const source = 'export const rooms: readonly ServerRoom[] = [peopleRoom, partnersRoom];';
    const paths = ['client/home/home-page.tsx', 'client/people/x.tsx', 'client/app/y.tsx', 'client/main.tsx'];
    expect(roomOrder(source, paths)).toEqual(['people', 'partners', 'home']);
  });
});

describe('this house', () => {
  const files = readProject();
  const paths = files.map((file) => file.path);
  const rooms = roomOrder(files.find((file) => file.path === 'server/rooms.ts')?.text ?? '', paths);

  test('[HO4] the list of rooms is read and names each server room once', () => {
    const folders = new Set(paths.map((path) => /^server\/([^/.]+)\//.exec(path)?.[1] ?? ''));
    for (const other of ['', 'base', 'database-commands', 'embedded-db']) folders.delete(other);
    expect(rooms.slice(0, folders.size).sort()).toEqual([...folders].sort());
  });

  test('[HO1, HO2, HO3, HO4, HO5, HO6, HO7] no import goes through a wall', () => {
    expect(wallBreaches(files, { rooms })).toEqual([]);
    expect(strayTsx(files)).toEqual([]);
  });
});
