// $limit, $skip, $count, $sample: how many documents.

import { show } from '../../bson/show.ts';
import { type Doc, int, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { PAUSE, type Stream } from '../../store/row.ts';
import { asNumber } from '../../value/arithmetic.ts';
import { memorySize, stageMemory } from '../memory.ts';
import type { Stage, StageBuild } from '../stage.ts';

function natural(name: string, value: Value, code: number): number {
  const number = asNumber(value);
  if (number === null) {
    throw new DatabaseError(
      code,
      `invalid argument to ${name} stage: Expected a number in: ${name}: ${show(value)}`,
    );
  }
  if (!Number.isInteger(number)) {
    throw new DatabaseError(
      code,
      `invalid argument to ${name} stage: Expected an integer: ${name}: ${show(value)}`,
    );
  }
  if (number >= 0) return number;
  throw new DatabaseError(
    code,
    `invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${show(value)}`,
  );
}

/** The number of a `$limit`.
 *  @throws 2107201, 5107201 for anything but a number, 15958 for zero */
export function limitOf(value: Value): number {
  const count = natural('$limit', value, asNumber(value) === null ? 2107201 : 5107201);
  if (count === 0) throw new DatabaseError(15958, 'the limit must be positive');
  return count;
}

/** Ends its input as soon as there is enough. */
export const limitStage: StageBuild = (value) => {
  const count = limitOf(value);
  return function* (input) {
    let left = count;
    for (const item of input) {
      yield item;
      if (item !== PAUSE && --left === 0) return;
    }
  };
};

/** The number of a `$skip`.
 *  @throws 5107200 for anything but a number that is not negative */
export function skipOf(value: Value): number {
  return natural('$skip', value, 5107200);
}

/** Leaves out the first documents. */
export const skipStage: StageBuild = (value) => {
  const count = skipOf(value);
  return function* (input) {
    let left = count;
    for (const item of input) {
      if (item === PAUSE) yield PAUSE;
      else if (left > 0) left--;
      else yield item;
    }
  };
};

function countName(value: Value): string {
  if (typeof value !== 'string') throw new DatabaseError(40156, 'the count field must be a non-empty string');
  if (value === '') throw new DatabaseError(40157, 'the count field must be a non-empty string');
  if (value.startsWith('$')) throw new DatabaseError(40158, 'the count field cannot be a $-prefixed path');
  if (value.includes('\0')) throw new DatabaseError(40159, 'the count field cannot contain a null byte');
  if (value.includes('.')) throw new DatabaseError(40160, "the count field cannot contain '.'");
  return value;
}

/** One document with the number of documents; none when there was none. */
export const countStage: StageBuild = (value) => {
  const name = countName(value);
  return function* (input) {
    let n = 0;
    for (const item of input) {
      if (item === PAUSE) yield PAUSE;
      else n++;
    }
    if (n > 0) yield new Map([[name, n <= 2147483647 ? int(n) : BigInt(n)]]);
  };
};

function sampleSize(value: Value): number {
  if (!isDoc(value)) throw new DatabaseError(28745, 'the $sample stage specification must be an object');
  for (const name of value.keys()) {
    if (name !== 'size') throw new DatabaseError(28748, `unrecognized option to $sample: ${name}`);
  }
  const given = value.get('size');
  if (given === undefined) throw new DatabaseError(28749, '$sample stage must specify a size');
  const size = asNumber(given);
  if (size === null) throw new DatabaseError(28746, 'size argument to $sample must be a number');
  if (size >= 0) return Math.trunc(size);
  throw new DatabaseError(28747, 'size argument to $sample must not be negative');
}

/** Every set of documents of the size is as likely as any other; they come in random order. */
export const sampleStage: StageBuild = (value): Stage => {
  const size = sampleSize(value);
  return function* (input): Stream<Doc> {
    const memory = stageMemory('$sample');
    const kept: Doc[] = [];
    let seen = 0;
    for (const item of input) {
      if (item === PAUSE) {
        yield PAUSE;
        continue;
      }
      seen++;
      const place = Math.floor(Math.random() * seen);
      if (kept.length < size) {
        memory.use(memorySize(item));
        kept.push(kept[place] ?? item);
        kept[place] = item;
      } else if (place < size) kept[place] = item;
    }
    yield* kept;
  };
};
