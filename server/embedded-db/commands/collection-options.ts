// What create and collMod may say of a collection, as it is kept and listed.
import type { Doc } from '../bson/value.ts';
import { collationOption } from '../value/collation.ts';

/** Options of create. */
export const COLLECTION_OPTIONS: readonly string[] = ['collation'];

/** The options a collection is made with; an empty document for none.
 *  @throws as `readCollation` */
export function readCollectionOptions(body: Doc): Doc {
  const out: Doc = new Map();
  const collation = collationOption(body.get('collation'));
  if (collation) out.set('collation', collation.spec);
  return out;
}
