// distinct: the different values at one path.
import { valueBytes } from '../bson/encode.ts';
import type { Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { finish } from '../engine/cursors.ts';
import type { Reply } from '../engine/retry-log.ts';
import { prepare, type Selection, select } from '../engine/select.ts';
import { type Explainable, explainSelection } from '../explain/explainable.ts';
import { someAtPath } from '../query/match-path.ts';
import { PAUSE, type Row, type Stream } from '../store/row.ts';
import { type Sliced, sortInSlices } from '../store/slices.ts';
import { compareValues } from '../value/compare.ts';
import { identityOf } from '../value/identity.ts';
import { streamUnderOrder } from '../value/text-order.ts';
import { type Command, type Context, collectionName, docOption, reply, viewOf } from './context.ts';

/** All values are in one reply, which is one document. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Values at a path, an array standing for its elements; sorted. */
function* distinctValues(rows: Stream<Row>, path: readonly string[]): Sliced<Value[]> {
  const found = new Map<string, Value>();
  let bytes = 0;
  const add = (value: Value | undefined) => {
    if (value === undefined) return;
    const identity = identityOf(value);
    if (found.has(identity)) return;
    found.set(identity, value);
    bytes += valueBytes(value).length;
    if (bytes > MAX_BYTES) throw new DatabaseError(17217, 'distinct too big, 16mb cap');
  };
  for (const row of rows) {
    if (row === PAUSE) yield PAUSE;
    else {
      someAtPath(row.doc, path, 'whole', (value) => {
        for (const each of Array.isArray(value) ? value : [value]) add(each);
        return false;
      });
    }
  }
  return yield* sortInSlices([...found.values()], compareValues);
}

function keyPath({ body }: Context): string[] {
  const key = body.get('key');
  if (typeof key !== 'string') throw new DatabaseError(14, "BSON field 'distinct.key' has to be a string");
  return key.split('.');
}

function distinctSelection(context: Context): Selection {
  const { body, engine, db } = context;
  return {
    collection: engine.storage.catalog.find(db, collectionName(context)),
    filter: docOption(body, 'query'),
    hint: body.get('hint'),
  };
}

async function distinct(context: Context): Promise<Reply> {
  const path = keyPath(context);
  const values = distinctValues(select(viewOf(context), distinctSelection(context)), path);
  return reply({ values: await finish(streamUnderOrder(context.order, values), context.deadline) });
}

function explainDistinct(context: Context): Explainable {
  const path = keyPath(context);
  const selection = distinctSelection(context);
  const prepared = prepare(viewOf(context), selection);
  return {
    ...explainSelection(`${context.db}.${collectionName(context)}`, selection, prepared),
    run: function* () {
      yield* distinctValues(prepared.rows, path);
    },
  };
}

/** The distinct command. */
export const DISTINCT: Readonly<Record<string, Command>> = {
  distinct: {
    run: distinct,
    explain: explainDistinct,
    inTransaction: true,
    options: ['distinct', 'key', 'query', 'hint', 'collation'],
  },
};
