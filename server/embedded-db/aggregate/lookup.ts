// $lookup by equality of two fields.
import type { Doc, Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { sortKeysOf } from '../query/key-path.ts';
import { PAUSE, type Stream } from '../store/row.ts';

/** Reads the documents of another collection that match a filter. */
export type OpenCollection = (name: string, filter: Doc) => Stream<Doc>;

/** Compiles `$lookup` with from, localField, foreignField and as; a local array matches by its elements.
 *  @throws 115 for the forms with a pipeline */
export function lookupStage(source: Doc, open: OpenCollection): (input: Stream<Doc>) => Stream<Doc> {
  for (const name of source.keys()) {
    if (!['from', 'localField', 'foreignField', 'as'].includes(name))
      throw notSupported(`the option '${name}' of $lookup`);
  }
  const [from, local, foreign, as] = ['from', 'localField', 'foreignField', 'as'].map((name) =>
    source.get(name),
  );
  if (
    typeof from !== 'string' ||
    typeof local !== 'string' ||
    typeof foreign !== 'string' ||
    typeof as !== 'string'
  ) {
    throw new DatabaseError(9, '$lookup requires from, localField, foreignField and as, all strings');
  }
  if (as.includes('.')) throw notSupported("a dotted path in 'as' of $lookup");
  const path = local.split('.');
  return function* (input) {
    for (const item of input) {
      if (item === PAUSE) {
        yield PAUSE;
        continue;
      }
      const wanted: Value[] = sortKeysOf(item, [path]).flatMap(([key]) => (key === undefined ? [] : [key]));
      const found: Value[] = [];
      const filter: Doc = new Map([[foreign, new Map([['$in', wanted]])]]);
      for (const other of open(from, filter)) {
        if (other === PAUSE) yield PAUSE;
        else found.push(other);
      }
      yield new Map(item).set(as, found);
    }
  };
}
