// The model of the projections of find: kept, dropped and computed fields, parts of arrays.
import { Int32 } from 'bson';
import { evaluate, scopeOf } from './expression.ts';
import { parseCondition } from './filter.ts';
import { drop, keep, put } from './projection.ts';
import { type Doc, isDoc, ModelError, type Value } from './values.ts';

type Field = readonly [string, Value];

/** What find shows of a document.
 *  @throws ModelError 31253 and 31254 for kept beside dropped fields */
export function projectFound(root: Doc, projection: Doc): Doc {
  if (projection.size === 0) return root;
  const fields = [...projection];
  const slices = fields.filter(([, how]) => operatorOf(how) === '$slice');
  const matches = fields.filter(([, how]) => operatorOf(how) === '$elemMatch');
  const rest = fields.filter((field) => !slices.includes(field) && !matches.includes(field));
  const shown = matches.reduce(
    (out, field) => withMatch(root, out, field),
    main(root, rest, slices, matches.length > 0),
  );
  return slices.reduce(withSlice, shown);
}

function operatorOf(how: Value): string {
  return isDoc(how) ? ([...how.keys()][0] ?? '') : '';
}

function flagOf([, how]: Field): number | null {
  if (typeof how === 'boolean') return Number(how);
  return how instanceof Int32 ? Math.abs(Math.sign(how.value)) : null;
}

/** Manual, "Project Fields": a projection keeps or drops, `_id` apart; a lone `$slice` drops, `$elemMatch` keeps.
 *  Source for the lone ones: computeProjectionType of the server. */
function main(root: Doc, fields: readonly Field[], slices: readonly Field[], matched: boolean): Doc {
  const paths = (flag: number) => fields.filter((field) => flagOf(field) === flag).map(([path]) => path);
  const [dropped, kept] = [paths(0), paths(1)];
  const computed = fields.filter((field) => flagOf(field) === null);
  const others = fields.filter(([path]) => path !== '_id').map(flagOf);
  const first = others[0] === undefined ? undefined : others[0] !== 0;
  const wrong = others.findIndex((flag) => (flag !== 0) !== first);
  if (wrong >= 0) throw new ModelError(first ? 31254 : 31253, 'inclusion beside exclusion');
  const keeps = first ?? (kept.includes('_id') || (matched && slices.length === 0));
  if (!keeps) return drop(root, dropped);
  const id = dropped.includes('_id') ? [] : ['_id'];
  const shown = keep(root, [...id, ...kept, ...slices.map(([path]) => path)]);
  return computed.reduce(
    (out, [path, how]) => put(out, path.split('.'), evaluate(how, scopeOf(root))) as Doc,
    shown,
  );
}

/** Manual, "$elemMatch (projection)": the first element that matches; the field comes behind those kept, and stays in
 *  its place where fields are dropped. */
function withMatch(root: Doc, shown: Doc, [path, how]: Field): Doc {
  const condition = parseCondition(how);
  const array = root.get(path);
  const found = Array.isArray(array) ? array.filter((element) => condition(() => [[element]])) : [];
  return put(shown, [path], found.length === 0 ? undefined : found.slice(0, 1)) as Doc;
}

/** Manual, "$slice (projection)". */
function withSlice(shown: Doc, [path, how]: Field): Doc {
  const operand = (how as Doc).get('$slice');
  const [first = 0, second] = (Array.isArray(operand) ? operand : [operand]).map(Number);
  return cutIn(shown, path.split('.'), (array) => {
    if (second === undefined) return first < 0 ? array.slice(first) : array.slice(0, first);
    const start = first < 0 ? Math.max(array.length + first, 0) : first;
    return array.slice(start, start + second);
  }) as Doc;
}

function cutIn(value: Value, path: readonly string[], cut: (array: Value[]) => Value[]): Value {
  if (path.length === 0) return Array.isArray(value) ? cut(value) : value;
  if (Array.isArray(value)) return value.map((element) => cutIn(element, path, cut));
  if (!isDoc(value) || !value.has(path[0] ?? '')) return value;
  return new Map(value).set(path[0] ?? '', cutIn(value.get(path[0] ?? ''), path.slice(1), cut));
}
