// Which indexes serve the strings of a query: those made with the collation it runs under.
import type { Doc } from '../bson/value.ts';
import type { Index } from '../store/catalog.ts';
import { FOREIGN_ORDER, type TextOrder, textOrder, underOrder } from '../value/text-order.ts';
import { type Bounds, boundsOf } from './bounds.ts';

/** True when the order in force is the one the index was made with. */
export function sharesOrder(index: Index): boolean {
  return (textOrder()?.id ?? '') === (index.collation?.id ?? '');
}

/** True when entries of the index stand in the order the query compares by. */
export function keepsTextOrder(index: Index): boolean {
  return index.collation === null && textOrder() === null;
}

/** The order in which bounds of an index are made: of another collation than its own only those without strings. */
export function boundsOrder(index: Index): TextOrder | null {
  return sharesOrder(index) ? (index.collation?.indexOrder ?? null) : FOREIGN_ORDER;
}

/** Gives the bounds of a filter for each index; indexes of one order share them. */
export function boundsByOrder(filter: Doc): (index: Index) => Bounds {
  const made = new Map<TextOrder | null, Bounds>();
  return (index) => {
    const order = boundsOrder(index);
    let found = made.get(order);
    if (!found) {
      found = underOrder(order, () => boundsOf(filter));
      made.set(order, found);
    }
    return found;
  };
}
