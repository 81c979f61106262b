// The branches of an `$or`, each a filter that can be planned by itself.
import { type Doc, isDoc, type Value } from '../bson/value.ts';

/** More branches than this are not planned one by one. */
const MAX_BRANCHES = 100;

function branchesOf(operand: Value): Doc[] | null {
  if (!Array.isArray(operand) || operand.length < 2 || operand.length > MAX_BRANCHES) return null;
  return operand.every(isDoc) ? (operand as Doc[]) : null;
}

/** Every `$or` that all matches have to pass. */
function alternatives(filter: Doc): Doc[][] {
  return [...filter].flatMap(([name, operand]) => {
    if (name === '$or') return [branchesOf(operand) ?? []].filter((each) => each.length > 0);
    return name === '$and' && Array.isArray(operand) ? operand.filter(isDoc).flatMap(alternatives) : [];
  });
}

/** For each `$or` of a filter the filters whose matches together are those of the whole. */
export function* unionBranches(filter: Doc): Generator<Doc[]> {
  for (const branches of alternatives(filter)) {
    const isAll = filter.size === 1 && filter.has('$or');
    yield isAll ? branches : branches.map((each) => new Map([['$and', [filter, each]]]));
  }
}
