// What a plan is made of: the ways candidates can be read, as data.

import type { Index } from '../store/catalog.ts';
import type { KeyRange } from '../store/connection.ts';
import type { Interval } from './interval.ts';
import type { SortField } from './sort.ts';

/** All documents in insertion order, or against it. */
export interface CollectionAccess {
  readonly kind: 'collection';
  readonly isReverse: boolean;
}

/** Ranges read one after another in index order; all keys of a run begin with `prefixLength` equal bytes
 *  when there are several runs. */
export interface Run {
  readonly prefixLength: number;
  readonly ranges: readonly KeyRange[];
}

/** Entries of one index. Several runs are merged by what follows their prefixes. */
export interface IndexAccess {
  readonly kind: 'index';
  readonly index: Index;
  /** [] when no document can match. */
  readonly runs: readonly Run[];
  readonly isReverse: boolean;
  /** Per index field; null for a field that is not bounded. */
  readonly fields: readonly (readonly Interval[] | null)[];
  /** True when the entries in the ranges are just those of the matching documents. */
  readonly isExact: boolean;
  /** True when every document has at most one entry in the ranges. */
  readonly isOncePerDocument: boolean;
  /** True when at most one document can be in the ranges. */
  readonly isUniquePoint: boolean;
}

/** Candidates of any branch, each once; with `merge` the sorted branches stay sorted. */
export interface UnionAccess {
  readonly kind: 'union';
  readonly branches: readonly IndexAccess[];
  readonly merge: readonly SortField[] | null;
}

/** How candidates are read. */
export type Access = CollectionAccess | IndexAccess | UnionAccess;

/** A way to answer one query. */
export interface Plan {
  readonly access: Access;
  /** True when candidates already come in the asked order. */
  readonly isSorted: boolean;
  /** Complete plans that were found and not taken, for explain. */
  readonly rejected: readonly Omit<Plan, 'rejected'>[];
}

/** What a scan has looked at. */
export interface Tally {
  keys: number;
  docs: number;
  /** Candidates given. */
  given: number;
}

/** What a scan is told and what it tells. */
export interface Reading {
  readonly tallies: Tallies;
  /** How many candidates will probably do, for the size of the first chunk; 0 when all may be wanted. */
  readonly expected: number;
}

/** One tally for each part of a plan that reads. */
export class Tallies {
  readonly #tallies = new Map<Access, Tally>();

  /** The tally of one part. */
  of(access: Access): Tally {
    let found = this.#tallies.get(access);
    if (!found) {
      found = { keys: 0, docs: 0, given: 0 };
      this.#tallies.set(access, found);
    }
    return found;
  }

  /** Sum over all parts. */
  get total(): Tally {
    const all = [...this.#tallies.values()];
    const sum = (field: keyof Tally) => all.reduce((so, each) => so + each[field], 0);
    return { keys: sum('keys'), docs: sum('docs'), given: sum('given') };
  }
}
