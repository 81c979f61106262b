// The model of `$` in an update path: the first array element by which the filter matched.
import { parseCondition, parseFilter } from './filter.ts';
import { matchValues } from './match-values.ts';
import { applyUpdate, checkUpdate } from './update.ts';
import { type Doc, isDoc, ModelError, type Value } from './values.ts';

/** Applies an update with `$` for a filter of one condition on `a` or below; what does not match stays as it is.
 *  Manual, "$ (update)".
 *  @throws ModelError 2 when no element was matched by itself */
export function updateMatched(root: Doc, filter: Doc, update: Doc): Doc {
  checkUpdate(atIndex(update, 0));
  if (!parseFilter(filter)(root)) return root;
  const [path = '', operand] = [...filter][0] ?? [];
  const at = matchedElement(root, path.split('.'), operand);
  if (at === null)
    throw new ModelError(2, 'The positional operator did not find the match needed from the query.');
  return applyUpdate(root, atIndex(update, at));
}

function atIndex(update: Doc, at: number): Doc {
  return new Map([...update].map(([operator, fields]) => [operator, withIndex(fields as Doc, at)]));
}

function withIndex(fields: Doc, at: number): Doc {
  return new Map([...fields].map(([path, operand]) => [path.replace('$', String(at)), operand]));
}

function matchedElement(value: Value, parts: readonly string[], operand: Value): number | null {
  if (isDoc(value)) return matchedElement(value.get(parts[0] ?? ''), parts.slice(1), operand);
  if (!Array.isArray(value)) return null;
  const condition = parseCondition(operand);
  const isWhole = isDoc(operand) && operand.has('$elemMatch');
  const found = value.findIndex((element) => {
    if (parts.length > 0) {
      return isDoc(element) && condition((whole) => matchValues(element, parts.join('.'), whole));
    }
    return condition(() => [isWhole ? [element] : element]);
  });
  return found < 0 ? null : found;
}
