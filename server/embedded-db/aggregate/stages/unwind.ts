// $unwind: one document for each element of an array.
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { PAUSE, type Stream } from '../../store/row.ts';
import { typeName } from '../../value/type-order.ts';
import { splitFieldPath } from '../field-path.ts';
import { getNested, withNested } from '../nested-field.ts';
import type { StageBuild } from '../stage.ts';

/** Arrays can be long, and each element makes a document. */
const ELEMENTS_PER_PAUSE = 64;

interface Unwind {
  readonly path: readonly string[];
  readonly keepsEmpty: boolean;
  readonly indexPath: readonly string[] | null;
}

const FIELDS = ['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'];

function longForm(source: Value): Doc {
  if (typeof source === 'string') return new Map([['path', source]]);
  if (!isDoc(source)) {
    throw new DatabaseError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeName(source)}`,
    );
  }
  const unknown = [...source.keys()].find((name) => !FIELDS.includes(name));
  if (unknown === undefined) return source;
  throw new DatabaseError(28811, `unrecognized option to $unwind stage: ${unknown}`);
}

function unwoundPath(source: Doc): string[] {
  const text = source.get('path');
  if (text === undefined) throw new DatabaseError(28812, 'no path specified to $unwind stage');
  if (typeof text !== 'string') {
    throw new DatabaseError(28808, `expected a string as the path for $unwind stage, got ${typeName(text)}`);
  }
  if (!text.startsWith('$')) {
    throw new DatabaseError(28818, `path option to $unwind stage should be prefixed with a '$': ${text}`);
  }
  return splitFieldPath(text.slice(1));
}

function readUnwind(given: Value): Unwind {
  const source = longForm(given);
  const [index, keeps] = [source.get('includeArrayIndex'), source.get('preserveNullAndEmptyArrays') ?? false];
  if (typeof keeps !== 'boolean') {
    throw new DatabaseError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeName(keeps)}`,
    );
  }
  if (index !== undefined && (typeof index !== 'string' || index === '')) {
    throw new DatabaseError(
      28810,
      'expected a non-empty string for the includeArrayIndex option to $unwind stage',
    );
  }
  if (typeof index === 'string' && index.startsWith('$')) {
    throw new DatabaseError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`,
    );
  }
  const path = unwoundPath(source);
  return { path, keepsEmpty: keeps, indexPath: typeof index === 'string' ? splitFieldPath(index) : null };
}

function* unwound(item: Doc, { path, keepsEmpty, indexPath }: Unwind): Stream<Doc> {
  const numbered = (out: Doc, index: bigint | null) => (indexPath ? withNested(out, indexPath, index) : out);
  const value = getNested(item, path);
  if (!Array.isArray(value)) {
    // A single value counts as an array of itself.
    if (keepsEmpty || (value !== undefined && value !== null)) yield numbered(item, null);
    return;
  }
  for (const [i, element] of value.entries()) {
    if (i % ELEMENTS_PER_PAUSE === ELEMENTS_PER_PAUSE - 1) yield PAUSE;
    yield numbered(withNested(item, path, element), BigInt(i));
  }
  if (value.length === 0 && keepsEmpty) yield numbered(withNested(item, path, undefined), null);
}

/** Compiles `$unwind: '$path'` or its long form.
 *  @throws 28818 when the path has no `$` */
export const unwindStage: StageBuild = (source) => {
  const unwind = readUnwind(source);
  return function* (input) {
    for (const item of input) {
      if (item === PAUSE) yield PAUSE;
      else yield* unwound(item, unwind);
    }
  };
};
