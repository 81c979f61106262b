// The model of updates with operators: one document in, one document out, or the code of the refusal.
import { parseFilter } from './filter.ts';
import { applyLeaf, checkOperand, type Leaf, OPERATORS } from './update-operators.ts';
import { createAt, type Spot, stepTo, valueAt } from './update-places.ts';
import { copy, type Doc, isDoc, isIndex, ModelError, type Value } from './values.ts';

/** Changes of one level: by field name, `$[]` or `$[id]`. */
type Node = Leaf | Map<string, Node>;

/** What an update is given besides its operators. */
export interface UpdateOptions {
  readonly arrayFilters?: readonly Doc[];
  /** True when the document is about to be inserted by an upsert. */
  readonly isInsert?: boolean;
}

/** Applies an update to a copy of a document.
 *  @throws ModelError with the server's code */
export function applyUpdate(root: Doc, update: Doc, options: UpdateOptions = {}): Doc {
  if (![...update.keys()].some((name) => name.startsWith('$'))) return replace(root, update);
  const filters = parseArrayFilters(options.arrayFilters ?? []);
  const tree = parseUpdate(update, filters);
  const used = new Set(usedIdentifiers(tree));
  for (const name of filters.keys())
    if (!used.has(name)) throw new ModelError(9, 'The array filter was not used');
  const out = copy(root) as Doc;
  applyNode(tree, { root: out, taken: [], missing: [] }, { filters, isInsert: options.isInsert ?? false });
  return out;
}

function replace(root: Doc, update: Doc): Doc {
  return new Map([['_id', root.get('_id')], ...update]);
}

/** @throws ModelError for an update that no document could be given */
export function checkUpdate(update: Doc): void {
  parseUpdate(update, new Map());
}

function parseUpdate(update: Doc, filters: ArrayFilters): Map<string, Node> {
  const tree = new Map<string, Node>();
  const put = (path: string, leaf: Leaf) => place(tree, path, leaf, filters);
  for (const [operator, fields] of update) {
    if (!OPERATORS.has(operator)) throw new ModelError(9, `Unknown modifier: ${operator}`);
    if (!isDoc(fields)) throw new ModelError(9, 'Modifiers operate on fields');
    for (const [path, operand] of fields) parseChange(operator, path, operand, put);
  }
  return tree;
}

function parseChange(
  operator: string,
  path: string,
  operand: Value,
  put: (path: string, leaf: Leaf) => void,
): void {
  checkPath(path);
  // The source of a move is taken as well, before the move is looked at.
  if (operator === '$rename') put(path, { operator: 'moved', path, operand: null });
  if (operator === '$rename' && typeof operand === 'string') checkPath(operand);
  checkOperand(operator, path, operand);
  put(operator === '$rename' ? String(operand) : path, { operator, path, operand });
}

function checkPath(path: string): void {
  const parts = path.split('.');
  if (parts.includes('')) throw new ModelError(56, 'an empty field name');
  if (parts[0]?.startsWith('$[')) throw new ModelError(2, 'an array filter in the first position');
}

/** Manual, "Update Operators": two changes may not meet on a path or on a part of it. */
function place(tree: Map<string, Node>, path: string, leaf: Leaf, filters: ArrayFilters): void {
  const parts = path.split('.');
  let node = tree;
  for (const [at, part] of parts.entries()) {
    const next = node.get(part);
    const isLast = at === parts.length - 1;
    const otherWay = [...node.keys()].some((name) => name.startsWith('$[') !== part.startsWith('$['));
    if (otherWay) throw new ModelError(40, 'would create a conflict');
    if (part.startsWith('$[') && part !== '$[]' && !filters.has(part.slice(2, -1))) {
      throw new ModelError(2, 'No array filter found for identifier');
    }
    if (next !== undefined && (isLast || !(next instanceof Map))) {
      throw new ModelError(40, 'would create a conflict');
    }
    if (isLast) node.set(part, leaf);
    else if (next instanceof Map) node = next;
    else {
      const made = new Map<string, Node>();
      node.set(part, made);
      node = made;
    }
  }
}

/** A filter of `arrayFilters`, by its identifier. */
type ArrayFilters = ReadonlyMap<string, (element: Value) => boolean>;

function parseArrayFilters(sources: readonly Doc[]): ArrayFilters {
  const out = new Map<string, (element: Value) => boolean>();
  for (const source of sources) {
    const names = new Set(identifiersOf(source));
    const [name] = names;
    if (names.size !== 1 || name === undefined || out.has(name))
      throw new ModelError(9, 'one identifier for each array filter');
    const test = parseFilter(source);
    out.set(name, (element) => test(new Map([[name, element]])));
  }
  return out;
}

function identifiersOf(filter: Doc): string[] {
  return [...filter].flatMap(([name, operand]) =>
    name.startsWith('$') ? (operand as Doc[]).flatMap(identifiersOf) : [name.split('.')[0] ?? ''],
  );
}

function usedIdentifiers(node: Node): string[] {
  if (!(node instanceof Map)) return [];
  return [...node].flatMap(([name, child]) => [
    ...(name.startsWith('$[') ? [name.slice(2, -1)] : []),
    ...usedIdentifiers(child),
  ]);
}

interface Context {
  readonly filters: ArrayFilters;
  readonly isInsert: boolean;
}

/** Manual, "Update Operators Behavior": names in lexicographic order, numeric names in numeric order. */
function inOrder(left: string, right: string): number {
  if (isIndex(left) && isIndex(right)) return Number(left) - Number(right);
  return left < right ? -1 : 1;
}

function applyNode(node: Node, spot: Spot, context: Context): void {
  if (!(node instanceof Map)) {
    if (node.operator === '$setOnInsert' && !context.isInsert) return;
    applyLeaf(node, spot);
    return;
  }
  const names = [...node.keys()].sort(inOrder);
  if (names[0]?.startsWith('$[')) {
    applyToElements(node, spot, context);
    return;
  }
  for (const name of names) applyNode(node.get(name) as Node, stepTo(spot, name), context);
}

/** Manual, "$[<identifier>]": the array must exist; every element that its filter matches is changed. */
function applyToElements(node: Map<string, Node>, spot: Spot, context: Context): void {
  const array = valueAt(spot.root, spot.taken);
  if (spot.missing.length > 0) throw new ModelError(2, 'The path must exist in order to apply array updates');
  if (!Array.isArray(array)) throw new ModelError(2, 'Cannot apply array updates to non-array element');
  const chosen = array.map((element) =>
    [...node]
      .filter(([name]) => name === '$[]' || context.filters.get(name.slice(2, -1))?.(element))
      .map(([, child]) => child),
  );
  for (const [at, children] of chosen.entries()) {
    if (children.length > 0) applyNode(children.reduce(merge), stepTo(spot, String(at)), context);
  }
}

function merge(left: Node, right: Node): Node {
  if (!(left instanceof Map && right instanceof Map)) throw new ModelError(40, 'Update created a conflict');
  const out = new Map(left);
  for (const [name, child] of right) {
    const known = out.get(name);
    out.set(name, known === undefined ? child : merge(known, child));
  }
  return out;
}

/** The document an upsert starts with: the equalities of its filter, in the order of their paths.
 *  @throws ModelError 54 when two of them meet */
export function upsertSeed(filter: Doc): Doc {
  const found = equalities(filter).sort(([left], [right]) => (left < right ? -1 : 1));
  const out: Doc = new Map([['_id', found.find(([path]) => path === '_id')?.[1]]]);
  for (const [at, [path, value]] of found.entries()) {
    const clash = found.some(
      ([other], place) => place < at && (other === path || path.startsWith(`${other}.`)),
    );
    if (clash) throw new ModelError(54, 'cannot infer query fields to set');
    if (path !== '_id') createAt({ root: out, taken: [], missing: path.split('.') }, value);
  }
  return out;
}

function equalities(filter: Doc): [string, Value][] {
  return [...filter].flatMap(([name, operand]): [string, Value][] => {
    if (name === '$and') return (operand as Doc[]).flatMap(equalities);
    if (name.startsWith('$')) return [];
    const isOperators = isDoc(operand) && [...operand.keys()][0]?.startsWith('$');
    if (!isOperators) return [[name, operand]];
    return operand.has('$eq') ? [[name, operand.get('$eq')]] : [];
  });
}
