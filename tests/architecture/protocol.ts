/** Reads PROTOCOL.md as a grammar: messages with their fields, limits, and codes of refusals (LV124). */
import { withoutComments } from '#tests/architecture/imports.ts';

/** Fields by message or answer, an optional one with a question mark. */
export type Fields = Record<string, readonly string[]>;

/** Messages of the code blocks: `name { field, field? }`, and what follows an arrow as `name →`. */
export function messagesOf(protocol: string): Fields {
  const found: Record<string, string[]> = {};
  let name = '';
  for (const block of protocol.match(/```[\s\S]*?```/g) ?? []) {
    for (const line of block.split('\n')) {
      const [asked = '', answered = ''] = splitArrow(line);
      const begun = /^([a-z][A-Za-z]*)\s+\{([^{}]*)\}/.exec(asked);
      if (begun !== null) {
        name = begun[1] ?? '';
        found[name] = fieldsOf(begun[2] ?? '');
      }
      const answer = /^\s*\{([^{}]*)\}/.exec(answered);
      if (answer !== null && (begun !== null || asked.trim() === ''))
        found[`${name} →`] = fieldsOf(answer[1] ?? '');
    }
  }
  return found;
}

/** Fields of the interfaces of a source, each on a line of its own. */
export function interfacesOf(text: string): Fields {
  const found = withoutComments(text).matchAll(/^export interface (\w+) \{\n([\s\S]*?)^\}/gm);
  return Object.fromEntries(
    Array.from(found, ([, name = '', body = '']) => [
      name,
      Array.from(body.matchAll(/^ {2}(\w+\??):/gm), ([, field = '']) => field),
    ]),
  );
}

/** Values of the table of limits, by name. */
export function limitsOf(protocol: string): Record<string, number> {
  const units: Record<string, number> = { KB: 1024, MB: 1024 * 1024 };
  const rows = protocol.matchAll(/^\| `([A-Za-z]+)` \| ([\d,]+)(?: ([KM]B))? \|/gm);
  return Object.fromEntries(
    Array.from(rows, ([, name = '', value = '', unit = '']) => [
      name,
      Number(value.replaceAll(',', '')) * (units[unit] ?? 1),
    ]),
  );
}

/** Codes in the first column of the table of refusals. */
export function refusalsOf(protocol: string): string[] {
  const table = protocol.slice(protocol.indexOf('## Refusals'));
  const cells = Array.from(table.matchAll(/^\|([^|]*)\|/gm), ([, cell = '']) => cell);
  return cells.flatMap((cell) => Array.from(cell.matchAll(/`([A-Za-z.]+)`/g), ([, code = '']) => code));
}

/** Texts of a source that are codes. */
export function codesIn(text: string, codes: ReadonlySet<string>): string[] {
  return Array.from(text.matchAll(/'([A-Za-z.]+)'/g), ([, code = '']) => code).filter((code) =>
    codes.has(code),
  );
}

function splitArrow(line: string): string[] {
  const at = line.indexOf('→');
  return at < 0 ? [line] : [line.slice(0, at), line.slice(at + 1)];
}

function fieldsOf(list: string): string[] {
  const names = list.split(',').map((field) => field.trim().replace(/ \| null$/, ''));
  return names.filter((field) => field !== '');
}
