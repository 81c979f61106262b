/** Steps over the content of one Yjs V1 item, refusing what would hurt those who apply it. */
import { type ByteReader, BytesError } from '#shared/base/byte-reader.ts';
import { fail } from '#shared/base/errors.ts';
import { liveLimits } from '#shared/base/live.ts';

/** Numbers of the content kinds in an item's info byte (source: yjs 13.6 `contentRefs`). */
const contentKind = {
  deleted: 1,
  json: 2,
  binary: 3,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
} as const;

/** Shared types we let in: array, map, text, xml element, xml fragment, xml text; no hooks (source: yjs `typeRefs`). */
const namedType = 3;
const plainTypes = new Set([0, 1, 2, 4, 6]);

/** Tags of undefined, null, false and true (source: lib0 `readAny`). */
const valueless = new Set([127, 126, 121, 120]);

const forbiddenKey = '__proto__';

/** Reads a key of a map, an attribute or a node name. @throws live.malformed for `__proto__` */
export function readKey(reader: ByteReader): string {
  const key = reader.text();
  if (key === forbiddenKey) fail('live.malformed');
  return key;
}

/**
 * Steps over the content of an item.
 * @returns how many clocks it takes
 * @throws live.malformed for subdocuments, hooks, unknown kinds and forbidden keys; live.tooDeep for nested JSON
 */
export function stepContent(reader: ByteReader, kind: number): number {
  switch (kind) {
    case contentKind.deleted:
      return reader.uint();
    case contentKind.json:
      return stepJsonList(reader);
    case contentKind.binary:
      reader.skip(reader.count(1));
      return 1;
    case contentKind.string:
      return reader.textLength();
    case contentKind.embed:
      checkJson(reader.text());
      return 1;
    case contentKind.format:
      readKey(reader);
      checkJson(reader.text());
      return 1;
    case contentKind.type:
      stepType(reader);
      return 1;
    case contentKind.any:
      return stepAnyList(reader);
    default:
      throw new BytesError('unknown content');
  }
}

function stepType(reader: ByteReader): void {
  const type = reader.uint();
  if (type === namedType) readKey(reader);
  else if (!plainTypes.has(type)) throw new BytesError('unknown type');
}

function stepJsonList(reader: ByteReader): number {
  const length = reader.count(1);
  for (let left = length; left > 0; left -= 1) {
    const text = reader.text();
    if (text !== 'undefined') checkJson(text);
  }
  return length;
}

function stepAnyList(reader: ByteReader): number {
  const length = reader.count(1);
  for (let left = length; left > 0; left -= 1) stepAny(reader, 0);
  return length;
}

function stepAny(reader: ByteReader, depth: number): void {
  if (depth > liveLimits.nestingDepth) fail('live.tooDeep');
  const tag = reader.byte();
  switch (tag) {
    case 118:
      for (let left = reader.count(2); left > 0; left -= 1) {
        readKey(reader);
        stepAny(reader, depth + 1);
      }
      return;
    case 117:
      for (let left = reader.count(1); left > 0; left -= 1) stepAny(reader, depth + 1);
      return;
    default:
      stepScalar(reader, tag);
  }
}

function stepScalar(reader: ByteReader, tag: number): void {
  if (tag === 125) stepSigned(reader);
  else if (tag === 124) reader.skip(4);
  else if (tag === 123) reader.skip(8);
  else if (tag === 119) reader.textLength();
  else if (tag === 116) reader.skip(reader.count(1));
  else if (!valueless.has(tag)) throw new BytesError('unknown value');
}

function stepSigned(reader: ByteReader): void {
  if ((reader.byte() & 0x80) > 0) reader.uint();
}

/** Depth is judged on the text, because parsing is what overflows the stack. */
function checkJson(text: string): void {
  if (jsonDepth(text) > liveLimits.nestingDepth) fail('live.tooDeep');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BytesError('not JSON');
  }
  if (hasForbiddenKey(value)) fail('live.malformed');
}

function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, forbiddenKey)) return true;
  return Object.values(value).some(hasForbiddenKey);
}

function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const sign of text.replace(/"(?:[^"\\]|\\.)*"/gs, '').matchAll(/[[\]{}]/g)) {
    depth += sign[0] === '[' || sign[0] === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
