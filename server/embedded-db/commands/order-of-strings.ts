// The order of strings that a command is to obey.
import type { Doc } from '../bson/value.ts';
import type { Collection } from '../store/catalog.ts';
import { collationOption } from '../value/collation.ts';
import type { TextOrder } from '../value/text-order.ts';

/** The order of strings a command or statement asks for, or else that of its collection.
 *  @throws as `readCollation` */
export function orderOf(body: Doc, collection: Collection | null | undefined): TextOrder | null {
  const given = collationOption(body.get('collation'));
  const collation = given === undefined ? collection?.collation : given;
  return collation?.exactOrder() ?? null;
}
