// $match, $redact: leaving documents, or parts of them, out.

import { show } from '../../bson/show.ts';
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compileFilter } from '../../query/filter.ts';
import { bindInFilter } from '../bound-filter.ts';
import { compilerIn } from '../expression.ts';
import { type Cell, type Maybe, withCells } from '../scope.ts';
import { each, type Stage, type StageBuild } from '../stage.ts';

/** The filter of a `$match`.
 *  @throws 15959 for anything but a document */
export function matchFilter(value: Value): Doc {
  if (isDoc(value)) return value;
  throw new DatabaseError(15959, 'the match filter must be an expression in an object');
}

/** Keeps the documents a filter matches. Inside `$lookup` its variables change from run to run. */
export const matchStage: StageBuild = (value, { environment }) => {
  const filter = matchFilter(value);
  const { variables } = environment;
  const filtering = (): Stage => {
    const matches = compileFilter(bindInFilter(filter, variables));
    return each((source) => (matches(source) ? source : null));
  };
  const first = filtering();
  return variables.size === 0 ? first : (input) => filtering()(input);
};

const [DESCEND, PRUNE, KEEP] = ['descend', 'prune', 'keep'];

function redactValue(value: Value, redact: (source: Doc) => Doc | null): Maybe {
  if (isDoc(value)) return redact(value) ?? undefined;
  if (!Array.isArray(value)) return value;
  return value.map((element) => redactValue(element, redact)).filter((element) => element !== undefined);
}

/** Decides level by level by `$$KEEP`, `$$PRUNE` and `$$DESCEND`.
 *  @throws 17053 for any other result */
export const redactStage: StageBuild = (value, { environment }) => {
  const current: Cell = { value: undefined };
  const bound = new Map<string, Cell>([
    ['CURRENT', current],
    ['DESCEND', { value: DESCEND as string }],
    ['PRUNE', { value: PRUNE as string }],
    ['KEEP', { value: KEEP as string }],
  ]);
  const decide = compilerIn(withCells(environment, bound))(value);
  const redact = (root: Doc, source: Doc): Doc | null => {
    current.value = source;
    const decision = decide(root);
    if (decision === KEEP) return source;
    if (decision === PRUNE) return null;
    if (decision !== DESCEND) {
      throw new DatabaseError(
        17053,
        `$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE, but returned ${show(decision)}`,
      );
    }
    const out: Doc = new Map();
    for (const [name, field] of source) {
      const kept = redactValue(field, (inner) => redact(root, inner));
      if (kept !== undefined) out.set(name, kept);
    }
    return out;
  };
  return each((source) => redact(source, source));
};
