/** PROTOCOL.md against the code it is the grammar of. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errorCatalogue } from '#shared/base/errors.ts';
import {
  cellHistoryShape,
  joinShape,
  leaveShape,
  liveLimits,
  liveVersion,
  presenceShape,
  pushShape,
} from '#shared/base/live.ts';
import { withoutComments } from '#tests/architecture/imports.ts';
import { codesIn, interfacesOf, limitsOf, messagesOf, refusalsOf } from '#tests/architecture/protocol.ts';
import { isTestFile, projectRoot, readProject, sourcesOf } from '#tests/support/project-files.ts';

const protocol = readFileSync(`${projectRoot}/PROTOCOL.md`, 'utf8');
const files = readProject();
const interfaces = interfacesOf(readFileSync(`${projectRoot}/shared/base/live.ts`, 'utf8'));
const codes = new Set(Object.keys(errorCatalogue));

/** Code that answers over the socket, or decides what is answered. */
const livePaths = /^(server\/base\/live\/|shared\/base\/grid\/|shared\/base\/live|server\/plans\/live)/;

/** Fields of a strict shape, an optional one with a question mark. */
function fieldsOf(shape: { shape: Record<string, { safeParse(value: unknown): { success: boolean } }> }) {
  return Object.entries(shape.shape).map(([name, field]) =>
    field.safeParse(undefined).success ? `${name}?` : name,
  );
}

describe('the grammar of the live protocol', () => {
  const messages = messagesOf(protocol);
  const asked = { join: joinShape, push: pushShape, presence: presenceShape, leave: leaveShape };
  const frames = {
    updates: 'UpdatesFrame',
    closed: 'ClosedFrame',
    rights: 'RightsFrame',
    event: 'EventFrame',
  };
  const answers = {
    join: 'Joined',
    push: 'Pushed',
    cellHistory: 'CellHistory',
    presence: 'Done',
    leave: 'Done',
  };

  test('[LV124] it is read: messages, optional fields, answers, limits, codes', () => {
    const sample =
      '```\nx { a, b? }   → { ok, c? } | refusal\ny { d | null }\n    → { e }\n```\n| `most` | 2 KB | x |\n';
    expect(messagesOf(sample)).toEqual({ x: ['a', 'b?'], 'x →': ['ok', 'c?'], y: ['d'], 'y →': ['e'] });
    expect(limitsOf(sample)).toEqual({ most: 2_048 });
    expect(refusalsOf('## Refusals\n| `a.b` `c.d` | when `e.f` |\n')).toEqual(['a.b', 'c.d']);
    expect(codesIn("fail('a.b') || 'c.d'", new Set(['a.b']))).toEqual(['a.b']);
    expect(interfacesOf('export interface A {\n  /** x */\n  b: 1;\n  c?: 2;\n}\n')).toEqual({
      A: ['b', 'c?'],
    });
  });

  test('[LV124] every message of a client stands in it with every field, and no other', () => {
    const names = Object.keys({ ...asked, cellHistory: cellHistoryShape });
    expect(interfaces['ClientMessages']?.toSorted()).toEqual(names.toSorted());
    const blocks = protocol.slice(
      protocol.indexOf('## Client to server'),
      protocol.indexOf('## Server to client'),
    );
    const written = messagesOf(blocks);
    for (const [name, shape] of Object.entries({ ...asked, cellHistory: cellHistoryShape }))
      expect({ name, fields: written[name]?.toSorted() }).toEqual({
        name,
        fields: fieldsOf(shape).toSorted(),
      });
    expect(
      Object.keys(written)
        .filter((name) => !name.endsWith('→'))
        .toSorted(),
    ).toEqual(names.toSorted());
    for (const [name, type] of Object.entries(answers))
      expect({ name, fields: written[`${name} →`]?.toSorted() }).toEqual({
        name,
        fields: interfaces[type]?.toSorted(),
      });
  });

  test('[LV124] every message of the server stands in it with every field, and no other', () => {
    const all = { ...frames, presence: 'PresenceFrame' };
    expect(interfaces['ServerMessages']?.toSorted()).toEqual(Object.keys(all).toSorted());
    for (const [name, type] of Object.entries(all))
      expect({ name, fields: messages[name]?.toSorted() }).toEqual({
        name,
        fields: interfaces[type]?.toSorted(),
      });
  });

  test('[LV124] its version and its limits are those of the code', () => {
    expect(protocol).toMatch(new RegExp(`^# The live protocol, version ${liveVersion}\n`));
    expect(limitsOf(protocol)).toEqual(liveLimits);
  });

  test('[LV124] every code that live code can send stands among its refusals, and no unknown one', () => {
    const told = refusalsOf(protocol);
    expect(told.filter((code) => !codes.has(code))).toEqual([]);
    expect(new Set(told).size).toBe(told.length);
    const sent = sourcesOf(files)
      .filter((file) => livePaths.test(file.path) && !isTestFile(file.path))
      .flatMap((file) => codesIn(withoutComments(file.text), codes));
    expect(sent.length).toBeGreaterThan(50);
    expect([...new Set(sent)].filter((code) => !told.includes(code))).toEqual([]);
    const live = [...codes].filter((code) => code.startsWith('live.') || code.startsWith('grid.'));
    expect(live.filter((code) => !told.includes(code))).toEqual([]);
  });
});
