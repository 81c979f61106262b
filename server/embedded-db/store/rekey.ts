// Making index entries anew: all of them after a step of the layout that changed their bytes, those of collations when
// the ICU that made them is another.
import type { Catalog, Collection, Index } from './catalog.ts';
import type { Connection } from './connection.ts';
import type { Documents } from './documents.ts';
import { indexKeys } from './index-spec.ts';
import { Row } from './row.ts';
import { metaValue, setMeta } from './schema.ts';

/** Bodies can be large (16 MB each). */
const ROWS_PER_CHUNK = 64;

/** The version of ICU as one number; it decides what a collation takes as equal. */
const ICU = Math.round(Number.parseFloat(process.versions['icu'] ?? '0') * 1_000);

function refill(
  connection: Connection,
  documents: Documents,
  collection: Collection,
  indexes: readonly Index[],
): void {
  if (indexes.length === 0) return;
  for (const index of indexes) {
    connection.statement('DELETE FROM entry WHERE idx = ?').run(index.id);
    // Known anew from the documents, and field by field.
    connection.statement('UPDATE index_spec SET multikey = 0 WHERE id = ?').run(index.id);
    index.arrays = 0;
  }
  for (let from = 0; ; ) {
    const rows = connection.documents(collection.id, from, false, ROWS_PER_CHUNK);
    for (const stored of rows) {
      const { doc, rid } = new Row(stored);
      for (const index of indexes) {
        documents.addEntries({ index, ...indexKeys(index, doc) }, rid);
      }
      from = stored.rid;
    }
    if (rows.length < ROWS_PER_CHUNK) return;
  }
}

/** Does so once, in one transaction, when the file says that it is needed.
 *  @param icu - for tests */
export function rekey(connection: Connection, catalog: Catalog, documents: Documents, icu = ICU): void {
  const isAll = metaValue(connection.db, 'rekey') !== undefined;
  if (!isAll && metaValue(connection.db, 'icu') === icu) return;
  connection.db.exec('BEGIN IMMEDIATE');
  try {
    for (const collection of catalog.list()) {
      const indexes = collection.indexes.filter((index) => isAll || index.collation);
      refill(connection, documents, collection, indexes);
    }
    setMeta(connection.db, 'icu', icu);
    connection.db.exec("DELETE FROM meta WHERE name = 'rekey'; COMMIT");
  } catch (error) {
    if (connection.db.isTransaction) connection.db.exec('ROLLBACK');
    throw error;
  }
}
