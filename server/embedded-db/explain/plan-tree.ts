// The stages of a selection, drawn from the very plan and counters of its run.
import { type Doc, int, type Outgoing } from '../bson/value.ts';
import { MAX_SORT_BYTES } from '../engine/row-sort.ts';
import type { Prepared, Selection } from '../engine/select.ts';
import type { PreparedCount } from '../engine/select-count.ts';
import type { Access, IndexAccess, Tallies } from '../query/access.ts';
import type { SortField } from '../query/sort.ts';
import { isNumber } from '../value/type-order.ts';
import { aboutIndex } from './index-bounds.ts';
import { parsedQuery } from './parsed-query.ts';
import { fields, type PlanStage } from './plan-stage.ts';

const NOTHING: PlanStage = { name: 'EOF', about: new Map(), given: 0, counted: new Map(), inputs: [] };

function sortPattern(sort: readonly SortField[]): Doc {
  return new Map(sort.map((field) => [field.name, int(field.direction)]));
}

function indexScan(access: IndexAccess, tallies: Tallies): PlanStage {
  const { keys, given } = tallies.of(access);
  return {
    name: 'IXSCAN',
    about: aboutIndex(access),
    given,
    counted: fields({ keysExamined: int(keys), dupsTested: int(keys), dupsDropped: int(keys - given) }),
    inputs: [],
  };
}

function combined(name: string, inputs: readonly PlanStage[], about: Map<string, Outgoing>): PlanStage {
  const given = inputs.reduce((sum, each) => sum + each.given, 0);
  return { name, about, given, counted: new Map(), inputs };
}

function keyStage(access: Exclude<Access, { kind: 'collection' }>, tallies: Tallies, sort: Doc): PlanStage {
  if (access.kind === 'union') {
    const inputs = access.branches.map((each) => keyStage(each, tallies, sort));
    return access.merge
      ? combined('SORT_MERGE', inputs, fields({ sortPattern: sort }))
      : combined('OR', inputs, new Map());
  }
  if (access.runs.every((run) => run.ranges.length === 0)) return NOTHING;
  const scan = indexScan(access, tallies);
  if (access.runs.length === 1) return scan;
  return combined('SORT_MERGE', [scan], fields({ sortPattern: sort, mergedRanges: int(access.runs.length) }));
}

/** The stages that find matching documents. */
function findingStage(
  access: Access,
  selection: Selection,
  { tallies, matched }: Pick<Prepared['progress'], 'tallies' | 'matched'>,
  isFiltering: boolean,
): PlanStage {
  const filter = isFiltering ? parsedQuery(selection.filter) : undefined;
  if (access.kind === 'collection') {
    return {
      name: 'COLLSCAN',
      about: fields({ filter, direction: access.isReverse ? 'backward' : 'forward' }),
      given: matched,
      counted: fields({ docsExamined: int(tallies.of(access).docs) }),
      inputs: [],
    };
  }
  const input = keyStage(access, tallies, sortPattern(selection.sort ?? []));
  if (input === NOTHING) return NOTHING;
  const total = tallies.total;
  const isId = access.kind === 'index' && access.isUniquePoint && access.index.name === '_id_';
  if (isId && access.isExact) {
    return {
      name: 'IDHACK',
      about: new Map(),
      given: matched,
      counted: fields({ keysExamined: int(total.keys), docsExamined: int(total.docs) }),
      inputs: [],
    };
  }
  const counted = fields({ docsExamined: int(total.docs) });
  return { name: 'FETCH', about: fields({ filter }), given: matched, counted, inputs: [input] };
}

function sortStage(selection: Selection, { progress }: Prepared, input: PlanStage): PlanStage {
  const { sort = [], skip = 0, limit = 0 } = selection;
  const wanted = limit > 0 ? skip + limit : 0;
  return {
    name: 'SORT',
    about: fields({
      sortPattern: sortPattern(sort),
      memLimit: int(MAX_SORT_BYTES),
      limitAmount: wanted > 0 ? int(wanted) : undefined,
      type: 'simple',
    }),
    given: wanted > 0 ? Math.min(wanted, progress.matched) : progress.matched,
    counted: fields({ usedDisk: false }),
    inputs: [input],
  };
}

/** The whole tree of a selection. */
export function planTree(selection: Selection, prepared: Prepared): PlanStage {
  const { skip = 0, limit = 0 } = selection;
  const { plan, progress } = prepared;
  if (!plan) return NOTHING;
  let stage = findingStage(plan.access, selection, progress, prepared.isFiltering);
  if (prepared.isSorting) stage = sortStage(selection, prepared, stage);
  const given = progress.returned;
  if (skip > 0) {
    stage = {
      name: 'SKIP',
      about: fields({ skipAmount: int(skip) }),
      given,
      counted: new Map(),
      inputs: [stage],
    };
  }
  if (limit > 0 && !prepared.isSorting) {
    stage = {
      name: 'LIMIT',
      about: fields({ limitAmount: int(limit) }),
      given,
      counted: new Map(),
      inputs: [stage],
    };
  }
  return stage;
}

/** Plans that were not taken, each as it would have been run. */
export function rejectedTrees(selection: Selection, { plan }: Prepared, unused: Tallies): PlanStage[] {
  return (plan?.rejected ?? []).map(({ access, isSorted }) => {
    const stage = findingStage(access, selection, { tallies: unused, matched: 0 }, selection.filter.size > 0);
    const { sort = [] } = selection;
    const about = fields({ sortPattern: sortPattern(sort), memLimit: int(MAX_SORT_BYTES), type: 'simple' });
    if (isSorted || sort.length === 0) return stage;
    return { name: 'SORT', about, given: 0, counted: new Map(), inputs: [stage] };
  });
}

/** What a count counts: index entries alone, or documents. */
export function countedTree(selection: Selection, { prepared, covering }: PreparedCount): PlanStage {
  if (!covering) return planTree(selection, prepared);
  const { keys, given } = prepared.progress.tallies.of(covering);
  const counted = fields({ keysExamined: int(keys) });
  return { name: 'COUNT_SCAN', about: aboutIndex(covering), given, counted, inputs: [] };
}

/** The tree of a count command. */
export function countTree(selection: Selection, counting: PreparedCount): PlanStage {
  const { progress } = counting.prepared;
  const input = countedTree(selection, counting);
  const counted = fields({ nCounted: int(progress.returned), nSkipped: int(selection.skip ?? 0) });
  return { name: 'COUNT', about: new Map(), given: 0, counted, inputs: [input] };
}

/** A projection on top of a plan. */
export function projected(projection: Doc, input: PlanStage): PlanStage {
  const isSimple = [...projection].every(
    ([name, value]) => !name.includes('.') && (typeof value === 'boolean' || isNumber(value)),
  );
  return {
    name: isSimple ? 'PROJECTION_SIMPLE' : 'PROJECTION_DEFAULT',
    about: fields({ transformBy: projection }),
    given: input.given,
    counted: new Map(),
    inputs: [input],
  };
}
