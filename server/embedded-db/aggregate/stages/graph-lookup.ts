// $graphLookup: following references through a collection, level by level.
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { PAUSE, type Stream } from '../../store/row.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { identityOf } from '../../value/identity.ts';
import { typeName } from '../../value/type-order.ts';
import { bindInFilter } from '../bound-filter.ts';
import { compilerIn } from '../expression.ts';
import { splitFieldPath } from '../field-path.ts';
import { joinFilter, localValues } from '../join-filter.ts';
import { Memory, memorySize } from '../memory.ts';
import { withNested } from '../nested-field.ts';
import type { Expression } from '../scope.ts';
import { type OpenCollection, type Stage, type StageBuild, specification } from '../stage.ts';

interface Graph {
  readonly from: string;
  readonly startWith: Expression;
  readonly connectFrom: readonly string[];
  readonly connectTo: string;
  readonly as: readonly string[];
  readonly maxDepth: number;
  readonly depthField: readonly string[] | null;
  readonly restriction: Doc | null;
  readonly open: OpenCollection;
}

const FIELDS = [
  ...['from', 'startWith', 'connectFromField', 'connectToField', 'as'],
  ...['maxDepth', 'depthField', 'restrictSearchWithMatch'],
];

function text(source: Doc, field: string): string {
  const value = source.get(field);
  if (typeof value === 'string') return value;
  if (value === undefined) {
    throw new DatabaseError(40105, `$graphLookup requires '${field}' to be specified`);
  }
  throw new DatabaseError(40103, `expected string as argument for ${field}, found: ${typeName(value)}`);
}

function depthOf(value: Value | undefined): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  const depth = asNumber(value);
  if (depth === null)
    throw new DatabaseError(40100, `maxDepth must be numeric, found type: ${typeName(value)}`);
  if (depth < 0) throw new DatabaseError(40101, `maxDepth requires a nonnegative argument, found: ${depth}`);
  if (Number.isInteger(depth)) return depth;
  throw new DatabaseError(40102, 'maxDepth could not be represented as a long long');
}

function restrictionOf(value: Value | undefined): Doc | null {
  if (value === undefined) return null;
  if (isDoc(value)) return value;
  throw new DatabaseError(40185, `restrictSearchWithMatch must be an object, found ${typeName(value)}`);
}

/** What has been found for one document. */
class Search {
  readonly #graph: Graph;
  readonly #memory = new Memory(
    () => new DatabaseError(40099, '$graphLookup reached maximum memory consumption'),
  );
  readonly #found = new Map<string, Doc>();
  readonly #asked = new Set<string>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Values nobody has looked for yet. */
  #news(values: readonly Value[]): Value[] {
    return values.filter((value) => {
      const key = identityOf(value);
      if (this.#asked.has(key)) return false;
      this.#asked.add(key);
      this.#memory.use(key.length + memorySize(value));
      return true;
    });
  }

  *run(start: readonly Value[]): Stream<Doc> {
    const { maxDepth, from, open, connectTo, connectFrom } = this.#graph;
    let frontier = this.#news(start);
    for (let depth = 0; frontier.length > 0 && depth <= maxDepth; depth++) {
      const next: Value[] = [];
      for (const item of open({ name: from, filter: this.#filter(connectTo, frontier) })) {
        if (item === PAUSE) yield PAUSE;
        else if (this.#keep(item, depth)) next.push(...localValues(item, connectFrom));
      }
      frontier = this.#news(next);
    }
  }

  #filter(connectTo: string, frontier: readonly Value[]): Doc {
    const equality = joinFilter(connectTo, frontier);
    const { restriction } = this.#graph;
    return restriction ? new Map([['$and', [equality, restriction]]]) : equality;
  }

  #keep(item: Doc, depth: number): boolean {
    const key = identityOf(item.get('_id') ?? null);
    if (this.#found.has(key)) return false;
    const { depthField } = this.#graph;
    this.#found.set(key, depthField ? withNested(item, depthField, BigInt(depth)) : item);
    this.#memory.use(key.length + memorySize(item));
    return true;
  }

  get results(): Value[] {
    return [...this.#found.values()];
  }
}

/** Compiles `$graphLookup`; each document is found once, at its least depth.
 *  @throws 40099 beyond the memory of a stage */
export const graphLookupStage: StageBuild = (value, context): Stage => {
  const source = specification('$graphLookup', value, 9);
  const unknown = [...source.keys()].find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw new DatabaseError(40104, `Unknown argument to $graphLookup: ${unknown}`);
  if (!source.has('startWith')) {
    throw new DatabaseError(40105, "$graphLookup requires 'startWith' to be specified");
  }
  const restriction = restrictionOf(source.get('restrictSearchWithMatch'));
  const graph: Graph = {
    from: text(source, 'from'),
    startWith: compilerIn(context.environment)(source.get('startWith') ?? null),
    connectFrom: splitFieldPath(text(source, 'connectFromField')),
    connectTo: splitFieldPath(text(source, 'connectToField')).join('.'),
    as: splitFieldPath(text(source, 'as')),
    maxDepth: depthOf(source.get('maxDepth')),
    depthField: source.has('depthField') ? splitFieldPath(text(source, 'depthField')) : null,
    restriction,
    open: context.open,
  };
  return function* (input) {
    const bound = restriction && bindInFilter(restriction, context.environment.variables);
    for (const item of input) {
      if (item === PAUSE) {
        yield PAUSE;
        continue;
      }
      const search = new Search({ ...graph, restriction: bound });
      const start = graph.startWith(item) ?? null;
      for (const pause of search.run(Array.isArray(start) ? start : [start])) yield pause;
      yield withNested(item, graph.as, search.results);
    }
  };
};
