// What pipeline stages are made of, shared by all families.
import { type Doc, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { SortField } from '../query/sort.ts';
import { PAUSE, type Stream } from '../store/row.ts';
import { wantsPause } from '../value/effort.ts';
import { typeName } from '../value/type-order.ts';
import type { Environment } from './scope.ts';

/** A compiled stage. It may be run several times, so it keeps no state between runs. */
export type Stage = (input: Stream<Doc>) => Stream<Doc>;

/** Documents of a collection that match a filter, in an order and number that may be given too. */
export interface Reading {
  readonly name: string;
  readonly filter: Doc;
  readonly sort?: readonly SortField[];
  readonly skip?: number;
  /** 0 for no limit. */
  readonly limit?: number;
}

/** Reads other collections of the same database; an unknown one is empty. */
export type OpenCollection = (reading: Reading) => Stream<Doc>;

/** A pipeline over a collection, to be run with the variables of its environment as they are then. */
export type CollectionPipeline = (filter: Doc) => Stream<Doc>;

/** Where a pipeline stands; some stages have no place inside others. */
export type StagePlace = 'top' | '$lookup' | '$unionWith' | '$facet';

/** What stages may use besides their input. */
export interface StageContext {
  readonly environment: Environment;
  readonly place: StagePlace;
  readonly open: OpenCollection;
  /** Compiles the stages of an inner pipeline. */
  compile(pipeline: Value, inner: InnerPipeline): Stage;
  /** Compiles an inner pipeline that reads a collection, through an index where it can. */
  compileOn(collection: string, pipeline: Value, inner: InnerPipeline): CollectionPipeline;
}

/** How an inner pipeline differs from the one around it. */
export interface InnerPipeline {
  readonly place: StagePlace;
  readonly environment?: Environment;
}

/** Compiles the value of a stage. */
export type StageBuild = (value: Value, context: StageContext) => Stage;

/** A stage that changes each document by itself; null leaves it out. */
export function each(change: (source: Doc) => Doc | null): Stage {
  return function* (input) {
    for (const item of input) {
      if (item === PAUSE) yield PAUSE;
      else {
        const out = change(item);
        if (out) yield out;
        if (wantsPause()) yield PAUSE;
      }
    }
  };
}

/** A stage value that has to be a document. */
export function specification(name: string, value: Value, code = 15959): Doc {
  if (isDoc(value)) return value;
  throw new DatabaseError(
    code,
    `the ${name} specification must be an object, but was of type ${typeName(value)}`,
  );
}

/** Refuses fields of a specification outside the list. */
export function refuseUnknownFields(name: string, source: Doc, known: readonly string[], code: number): void {
  for (const field of source.keys()) {
    if (!known.includes(field)) throw new DatabaseError(code, `unrecognized option to ${name}: ${field}`);
  }
}

/** A text field of a specification.
 *  @throws 9 FailedToParse when it is absent or something else */
export function textField(name: string, source: Doc, field: string): string {
  const value = source.get(field);
  if (typeof value === 'string') return value;
  throw new DatabaseError(9, `${name} requires '${field}' to be a string`);
}
