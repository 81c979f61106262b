// Projections of find and $project: which fields stay, and computed ones.
import { compileExpression } from '../aggregate/expression.ts';
import { type Environment, type Expression, newEnvironment } from '../aggregate/scope.ts';
import { truthy } from '../aggregate/truth.ts';
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { asNumber } from '../value/arithmetic.ts';
import { isNumber, typeName } from '../value/type-order.ts';
import { elementTest } from './filter.ts';

type Keep = { readonly kind: 'keep' } | { readonly kind: 'drop' };
type Node =
  | Keep
  | { readonly kind: 'tree'; readonly fields: Map<string, Node> }
  | { readonly kind: 'slice'; readonly skip: number; readonly limit: number }
  | { readonly kind: 'elemMatch'; readonly test: (element: Value) => boolean }
  | { readonly kind: 'positional'; readonly path: readonly string[] }
  | { readonly kind: 'expression'; readonly evaluate: Expression };

/** Makes the projected document; `position` answers `$` with an element number. */
export type Projection = (source: Doc, position: (path: readonly string[]) => number | null) => Doc;

type Mode = 'inclusion' | 'exclusion';

function slice(operand: Value): Node {
  const [skip, limit] = (Array.isArray(operand) ? operand : [operand]).map((each) => asNumber(each));
  if (typeof skip !== 'number' || limit === null) throw new DatabaseError(28667, '$slice needs numbers');
  if (limit === undefined)
    return skip < 0 ? { kind: 'slice', skip, limit: -skip } : { kind: 'slice', skip: 0, limit: skip };
  if (limit <= 0) throw new DatabaseError(28724, 'Second argument to $slice must be a positive number');
  return { kind: 'slice', skip, limit };
}

function arrayLeaf(name: string, value: Doc): Node | null {
  const operand = value.get('$slice');
  // With an array or a field path in front it is the expression of the same name.
  if (operand !== undefined && (!Array.isArray(operand) || isNumber(operand[0]))) return slice(operand);
  const match = value.get('$elemMatch');
  if (match !== undefined && !isDoc(match)) {
    throw new DatabaseError(
      31274,
      `elemMatch: Invalid argument, object required, but got ${typeName(match)}`,
    );
  }
  if (isDoc(match) && name.includes('.')) {
    throw new DatabaseError(31275, 'Cannot use $elemMatch projection on a nested field.');
  }
  return isDoc(match) ? { kind: 'elemMatch', test: elementTest(match) } : null;
}

function leaf(name: string, value: Value, environment: Environment): Node {
  if (isNumber(value) || typeof value === 'boolean') {
    if (name.endsWith('.$')) return { kind: 'positional', path: name.slice(0, -2).split('.') };
    return { kind: truthy(value) ? 'keep' : 'drop' };
  }
  const special = isDoc(value) && value.size === 1 ? arrayLeaf(name, value) : null;
  return special ?? { kind: 'expression', evaluate: compileExpression(value, environment) };
}

function isNested(value: Value): value is Doc {
  return isDoc(value) && value.size > 0 && ![...value.keys()].some((name) => name.startsWith('$'));
}

function place(fields: Map<string, Node>, path: readonly string[], node: Node, name: string): void {
  const [head, ...rest] = path as [string, ...string[]];
  const known = fields.get(head);
  if (rest.length === 0) {
    if (known) throw new DatabaseError(31249, `Path collision at ${name}`);
    fields.set(head, node);
    return;
  }
  if (known && known.kind !== 'tree') throw new DatabaseError(31249, `Path collision at ${name}`);
  const tree = known ?? { kind: 'tree' as const, fields: new Map<string, Node>() };
  fields.set(head, tree);
  place(tree.fields, rest, node, name);
}

interface Flat {
  readonly name: string;
  readonly node: Node;
}

function flatten(source: Doc, prefix: string, environment: Environment): Flat[] {
  return [...source].flatMap(([name, value]) => {
    const full = prefix + name;
    if (full.split('.').includes(''))
      throw new DatabaseError(40352, 'FieldPath cannot be constructed with empty string');
    return isNested(value)
      ? flatten(value, `${full}.`, environment)
      : [{ name: full, node: leaf(full, value, environment) }];
  });
}

function refuseMix(mode: Mode, each: Mode, name: string): never {
  const [code, verb] = each === 'exclusion' ? [31254, 'do exclusion'] : [31253, 'do inclusion'];
  throw new DatabaseError(code as number, `Cannot ${verb} on field ${name} in ${mode} projection`);
}

/** What the projection says when only `_id`, `$slice` and `$elemMatch` are in it: with `$slice` all but a kept `_id`
 *  excludes, with `$elemMatch` all includes. Source: computeProjectionType of the server. */
function modeWithoutFields(flat: readonly Flat[]): Mode {
  const id = flat.find(({ name }) => name === '_id')?.node.kind;
  if (id === 'keep') return 'inclusion';
  const has = (kind: Node['kind']) => flat.some(({ node }) => node.kind === kind);
  return has('elemMatch') && !has('slice') ? 'inclusion' : 'exclusion';
}

function modeOf(flat: readonly Flat[]): Mode {
  let mode: Mode | null = null;
  for (const { name, node } of flat) {
    if (name === '_id' || node.kind === 'slice' || node.kind === 'elemMatch') continue;
    const each: Mode = node.kind === 'drop' ? 'exclusion' : 'inclusion';
    if (mode !== null && mode !== each) refuseMix(mode, each, name);
    mode = each;
  }
  return mode ?? modeWithoutFields(flat);
}

interface Run {
  readonly mode: Mode;
  readonly root: Doc;
  readonly position: (path: readonly string[]) => number | null;
}

function sliced(value: Value, skip: number, limit: number): Value {
  if (!Array.isArray(value)) return value;
  const start = skip < 0 ? Math.max(value.length + skip, 0) : skip;
  return value.slice(start, start + limit);
}

function positional(run: Run, value: Value, path: readonly string[]): Value | undefined {
  if (!Array.isArray(value)) return value;
  const found = run.position(path);
  if (found === null) {
    throw new DatabaseError(
      51246,
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    );
  }
  return [value[found] as Value];
}

function project(run: Run, value: Value, node: Node): Value | undefined {
  switch (node.kind) {
    case 'keep':
      return value;
    case 'slice':
      return sliced(value, node.skip, node.limit);
    case 'elemMatch': {
      const found = Array.isArray(value) ? value.filter((each) => node.test(each)).slice(0, 1) : [];
      return found.length === 0 ? undefined : found;
    }
    case 'tree':
      return projectTree(run, value, node.fields);
    case 'positional':
      return positional(run, value, node.path);
    default:
      return undefined;
  }
}

function projectTree(run: Run, value: Value, fields: ReadonlyMap<string, Node>): Value | undefined {
  if (isDoc(value)) return projectDoc(run, value, fields);
  if (!Array.isArray(value)) return run.mode === 'exclusion' ? value : undefined;
  return value.map((each) => projectTree(run, each, fields)).filter((each) => each !== undefined);
}

function projectDoc(run: Run, source: Doc, fields: ReadonlyMap<string, Node>): Doc {
  const out: Doc = new Map();
  // By name, so that fields left out are not decoded.
  for (const name of source.keys()) {
    const node = fields.get(name);
    if (!node && run.mode === 'inclusion') continue;
    const value = source.get(name) ?? null;
    // What $elemMatch finds comes behind the kept fields, unless all others stay where they are.
    if (node?.kind === 'elemMatch' && run.mode === 'inclusion') continue;
    const kept = node ? project(run, value, node) : value;
    if (kept !== undefined) out.set(name, kept);
  }
  addComputed(run, out, fields);
  return out;
}

function hasComputed(fields: ReadonlyMap<string, Node>): boolean {
  return [...fields.values()].some(
    (node) => node.kind === 'expression' || (node.kind === 'tree' && hasComputed(node.fields)),
  );
}

function foundBehind(run: Run, name: string, node: Node): Value | undefined {
  const isBehind = node.kind === 'elemMatch' && run.mode === 'inclusion';
  return isBehind ? project(run, run.root.get(name) ?? null, node) : undefined;
}

/** Computed fields come after the kept ones, in the order of the projection. */
function addComputed(run: Run, out: Doc, fields: ReadonlyMap<string, Node>): void {
  for (const [name, node] of fields) {
    const value = node.kind === 'expression' ? node.evaluate(run.root) : foundBehind(run, name, node);
    if (value !== undefined) {
      out.set(name, value);
    } else if (node.kind === 'tree' && !out.has(name)) {
      // A document to hold computed fields is made even when none of them has a value.
      if (!hasComputed(node.fields)) continue;
      const inner: Doc = new Map();
      addComputed(run, inner, node.fields);
      out.set(name, inner);
    }
  }
}

function withPositional(name: string): string[] {
  const path = name.split('.');
  return path.at(-1) === '$' ? path.slice(0, -1) : path;
}

/** Compiles a projection; null for an empty one, which keeps everything.
 *  @throws 31254, 31253 when inclusion and exclusion are mixed; 31249 on colliding paths */
export function compileProjection(
  source: Doc,
  environment: Environment = newEnvironment(),
): Projection | null {
  if (source.size === 0) return null;
  const flat = flatten(source, '', environment);
  const mode = modeOf(flat);
  const fields = new Map<string, Node>();
  for (const { name, node } of flat) place(fields, withPositional(name), node, name);
  const id = fields.get('_id');
  if (!id && mode === 'inclusion') fields.set('_id', { kind: 'keep' });
  if (id?.kind === 'keep' && mode === 'exclusion') fields.delete('_id');
  return (root, position) => projectDoc({ mode, root, position }, root, fields);
}
