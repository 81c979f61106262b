// Choosing how to find candidates: which index, which ranges, and whether it already sorts.

import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Collection, Index } from '../store/catalog.ts';
import type { KeyRange } from '../store/connection.ts';
import { asNumber } from '../value/arithmetic.ts';
import { equalValues } from '../value/compare.ts';
import { underOrder } from '../value/text-order.ts';
import type { Access, IndexAccess, Plan } from './access.ts';
import type { Bounds } from './bounds.ts';
import { holdsAllMatches } from './eligible-index.ts';
import { boundsByOrder, boundsOrder } from './index-order.ts';
import { accessOf, type IndexRanges, rangesOf } from './index-ranges.ts';
import type { SortField } from './sort.ts';
import { unionBranches } from './union.ts';

/** What is asked of a plan. */
export interface PlanRequest {
  readonly collection: Collection;
  readonly filter: Doc;
  readonly sort: readonly SortField[];
  /** How many documents are wanted, with those to skip; 0 for all. */
  readonly limit: number;
  readonly hint: Value | undefined;
  /** Indexes made later than this version are not used (snapshots of transactions). */
  readonly asOf: number | null;
  /** Counts index entries in ranges, up to a number. */
  readonly count: (index: Index, ranges: readonly KeyRange[], atMost: number) => number;
}

/** A plan that could be taken. */
interface Candidate {
  readonly access: Access;
  readonly isSorted: boolean;
  /** False when it reads all entries of its index for their order alone. */
  readonly isBounded: boolean;
  /** Orders plans of the same cost. */
  readonly score: number;
  /** Expected work; read only when there is a choice. */
  readonly cost: (atMost: number) => number;
}

/** Entries counted at most to compare plans. */
const MAX_COUNT = 1_000;
/** Ranges counted at most, so that a plan is never long work itself. */
const MAX_COUNTED_RANGES = 50;
/** Every entry or document of the collection, as a cost. */
const WHOLE = MAX_COUNT * 10;

function collectionScan(isReverse: boolean): Plan {
  return { access: { kind: 'collection', isReverse }, isSorted: false, rejected: [] };
}

function rangesIn(access: IndexAccess): KeyRange[] {
  return access.runs.flatMap((run) => run.ranges);
}

/** Entries to read, or those up to the limit when the first ones are the answer. */
function costOf(request: PlanRequest, access: IndexAccess, isSorted: boolean, atMost: number): number {
  const { sort, limit, count } = request;
  const isInOrder = isSorted || sort.length === 0;
  const enough = limit > 0 && isInOrder && access.isExact ? Math.min(limit, atMost) : atMost;
  const ranges = rangesIn(access);
  // Of very many ranges the first ones stand for all.
  const sample = ranges.slice(0, MAX_COUNTED_RANGES);
  const share = ranges.length / Math.max(sample.length, 1);
  const entries = Math.min(enough, count(access.index, sample, enough) * share);
  // Sorting adds a little, so that of two equal scans the sorted one is taken.
  return isInOrder ? entries : entries * 1.05;
}

function isBounded(index: Index, found: IndexRanges): boolean {
  return found.points > 0 || found.hasRange || index.isSparse || index.partial !== null;
}

function candidateOf(request: PlanRequest, index: Index, bounds: Bounds): Candidate | null {
  const { sort, limit } = request;
  const found = rangesOf(index, bounds);
  const { access, isSorted } = accessOf(index, found, sort);
  const score = found.points * 10 + (found.hasRange ? 5 : 0) + (isSorted ? 3 : 0);
  if (isBounded(index, found)) {
    const cost = (atMost: number) => costOf(request, access, isSorted, atMost);
    return { access, isSorted, isBounded: true, score, cost };
  }
  // The order alone is worth an index when it may end early or spares a sort.
  const cost = () => (limit > 0 ? MAX_COUNT : WHOLE);
  return isSorted ? { access, isSorted, isBounded: false, score, cost } : null;
}

function isUsable({ filter, asOf }: PlanRequest, index: Index, bounds: Bounds): boolean {
  if (asOf !== null && index.madeAt > asOf) return false;
  return underOrder(boundsOrder(index), () => holdsAllMatches(index, filter, bounds));
}

function isUniquePoint({ access }: Candidate): boolean {
  return access.kind === 'index' && access.isUniquePoint;
}

function indexCandidates(request: PlanRequest): Candidate[] {
  const boundsFor = boundsByOrder(request.filter);
  const out: Candidate[] = [];
  for (const index of request.collection.indexes) {
    const bounds = boundsFor(index);
    const found = isUsable(request, index, bounds) ? candidateOf(request, index, bounds) : null;
    if (!found) continue;
    // Nothing is better than at most one document.
    if (isUniquePoint(found)) return [found];
    out.push(found);
  }
  return out.sort((a, b) => b.score - a.score);
}

/** The cheapest one; the first of those with the same cost. */
function cheapest(candidates: readonly Candidate[]): Candidate | undefined {
  if (candidates.length <= 1) return candidates[0];
  let best: Candidate | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const each of candidates) {
    // Counting stops where the candidate has lost.
    const cost = each.cost(Math.min(MAX_COUNT, Math.ceil(least) + 1));
    if (cost >= least) continue;
    best = each;
    least = cost;
  }
  return best;
}

/** One index scan for each branch of an `$or`; null when a branch has no index. */
function unionCandidate(request: PlanRequest): Candidate | null {
  for (const filters of unionBranches(request.filter)) {
    const branches = filters.map((filter) => cheapest(indexCandidates({ ...request, filter })));
    if (!branches.every((each) => each?.isBounded)) continue;
    const found = branches as readonly (Candidate & { readonly access: IndexAccess })[];
    const isSorted = request.sort.length > 0 && found.every((each) => each.isSorted);
    return {
      access: {
        kind: 'union',
        branches: found.map((each) => each.access),
        merge: isSorted ? request.sort : null,
      },
      isSorted,
      isBounded: true,
      score: 0,
      cost: (atMost) => found.reduce((sum, each) => sum + each.cost(atMost), 0),
    };
  }
  return null;
}

function hinted({ collection, asOf }: PlanRequest, hint: Value): Index {
  const found = collection.indexes.find((index) =>
    typeof hint === 'string' ? index.name === hint : equalValues(index.spec.get('key') ?? null, hint),
  );
  if (!found) {
    throw new DatabaseError(
      2,
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  }
  if (asOf !== null && found.madeAt > asOf) {
    throw new DatabaseError(
      246,
      `Unable to read from a snapshot due to pending collection catalog changes to collection '${collection.namespace}'; please retry the operation.`,
      { labels: ['TransientTransactionError'] },
    );
  }
  return found;
}

/** The direction of `{ $natural: ±1 }`; null for any other pattern.
 *  @throws 2 BadValue for another value, or other fields beside it */
function naturalDirection(pattern: Doc): 1 | -1 | null {
  const value = pattern.get('$natural');
  if (value === undefined) return null;
  const direction = asNumber(value);
  if (pattern.size > 1) throw new DatabaseError(2, "Cannot include '$natural' in compound sort");
  if (direction === 1 || direction === -1) return direction;
  throw new DatabaseError(2, '$natural sort cannot be set to a value other than -1 or 1.');
}

function naturalSort(sort: readonly SortField[]): 1 | -1 | null {
  const own = sort.find((field) => field.name === '$natural');
  if (own && sort.length > 1) throw new DatabaseError(2, "Cannot include '$natural' in compound sort");
  return own?.direction ?? null;
}

function hintedPlan(request: PlanRequest, hint: Value): Plan {
  const natural = isDoc(hint) ? naturalDirection(hint) : null;
  if (natural !== null) return collectionScan(natural === -1);
  const index = hinted(request, hint);
  return {
    ...accessOf(index, rangesOf(index, boundsByOrder(request.filter)(index)), request.sort),
    rejected: [],
  };
}

/** Picks the cheapest plan, or a scan of the collection when no index helps.
 *  @throws 2 BadValue when the hint names no index; 246 when a snapshot is older than it */
export function choosePlan(request: PlanRequest): Plan {
  const { hint, sort } = request;
  const natural = naturalSort(sort);
  if (natural !== null) return { ...collectionScan(natural === -1), isSorted: true };
  if (hint !== undefined && !(isDoc(hint) && hint.size === 0)) return hintedPlan(request, hint);
  const candidates = indexCandidates(request);
  if (!candidates.some(isUniquePoint)) {
    const union = unionCandidate(request);
    if (union) candidates.push(union);
  }
  const best = cheapest(candidates);
  if (!best) return collectionScan(false);
  const rejected = candidates.filter((each) => each !== best);
  return { access: best.access, isSorted: best.isSorted, rejected };
}
