// Explaining writes: what they would find and change.
import { type Doc, int } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { prepare, type Selection } from '../engine/select.ts';
import { drain, type Explainable, explainSelection } from '../explain/explainable.ts';
import { fields, type PlanStage } from '../explain/plan-stage.ts';
import { valueSort } from '../query/sort.ts';
import type { Row } from '../store/row.ts';
import { compileArrayFilters } from '../update/positions.ts';
import { compileUpdate } from '../update/update-plan.ts';
import { asNumber } from '../value/arithmetic.ts';
import { type Context, collectionName, docOption, docsOption, flagOption, viewOf } from './context.ts';
import { environmentOf, filterOption } from './let-option.ts';
import { changed, readUpdate, type Update } from './update-statement.ts';

interface Write {
  readonly selection: Selection;
  /** Null for a removal. */
  readonly update: Pick<Update, 'plan' | 'positions' | 'isUpsert'> | null;
  /** True when the command answers with the document. */
  readonly isReturning: boolean;
}

function explainWrite(context: Context, { selection, update, isReturning }: Write): Explainable {
  const prepared = prepare(viewOf(context), selection);
  const base = explainSelection(`${context.db}.${collectionName(context)}`, selection, prepared);
  let found = 0;
  let modified = 0;
  const visit = (row: Row) => {
    found++;
    if (update && changed(row, update)) modified++;
  };
  const returned = () => (isReturning ? found : 0);
  return {
    ...base,
    run: () => drain(prepared.rows, visit),
    tree: (): PlanStage => ({
      name: update ? 'UPDATE' : 'DELETE',
      about: new Map(),
      given: returned(),
      counted: update
        ? fields({
            nMatched: int(found),
            nWouldModify: int(modified),
            nWouldUpsert: int(update.isUpsert && found === 0 ? 1 : 0),
          })
        : fields({ nWouldDelete: int(found) }),
      inputs: [base.tree()],
    }),
    totals: () => ({ ...base.totals(), returned: returned() }),
  };
}

function onlyStatement(context: Context, name: string): Doc {
  const [only, ...others] = docsOption(context.body, name);
  if (only && others.length === 0) return only;
  throw new DatabaseError(4, 'explained write batches must be of size 1');
}

function collectionOf(context: Context) {
  return context.engine.storage.catalog.find(context.db, collectionName(context));
}

/** Explains an update command of one statement. */
export function explainUpdate(context: Context): Explainable {
  const update = readUpdate(onlyStatement(context, 'updates'), environmentOf(context.body));
  const { filter, sort, hint } = update;
  const limit = update.isMulti ? 0 : 1;
  return explainWrite(context, {
    selection: { collection: collectionOf(context), filter, sort, hint, limit },
    update,
    isReturning: false,
  });
}

/** Explains a delete command of one statement. */
export function explainDelete(context: Context): Explainable {
  const statement = onlyStatement(context, 'deletes');
  const selection: Selection = {
    collection: collectionOf(context),
    filter: filterOption(statement, 'q', environmentOf(context.body)),
    hint: statement.get('hint'),
    limit: asNumber(statement.get('limit')) ?? 0,
  };
  return explainWrite(context, { selection, update: null, isReturning: false });
}

/** Explains findAndModify. */
export function explainFindAndModify(context: Context): Explainable {
  const { body } = context;
  const filter = filterOption(body, 'query', environmentOf(body));
  const selection: Selection = {
    collection: collectionOf(context),
    filter,
    sort: valueSort(docOption(body, 'sort')),
    hint: body.get('hint'),
    limit: 1,
  };
  if (flagOption(body, 'remove'))
    return explainWrite(context, { selection, update: null, isReturning: true });
  const arrayFilters = compileArrayFilters(docsOption(body, 'arrayFilters'));
  const update = {
    plan: compileUpdate(body.get('update')),
    positions: { filter, arrayFilters },
    isUpsert: flagOption(body, 'upsert'),
  };
  return explainWrite(context, { selection, update, isReturning: true });
}
