// Making all index entries anew, after a step of the layout that changed their bytes.
import type { Catalog, Collection } from './catalog.ts';
import type { Connection } from './connection.ts';
import type { Documents } from './documents.ts';
import { indexKeys } from './index-spec.ts';
import { Row } from './row.ts';
import { metaValue } from './schema.ts';

/** Bodies can be large (16 MB each). */
const ROWS_PER_CHUNK = 64;

function refill(connection: Connection, documents: Documents, collection: Collection): void {
  for (const index of collection.indexes) {
    connection.statement('DELETE FROM entry WHERE idx = ?').run(index.id);
    // Known anew from the documents, and field by field.
    connection.statement('UPDATE index_spec SET multikey = 0 WHERE id = ?').run(index.id);
    index.arrays = 0;
  }
  for (let from = 0; ; ) {
    const rows = connection.documents(collection.id, from, false, ROWS_PER_CHUNK);
    for (const stored of rows) {
      const { doc, rid } = new Row(stored);
      for (const index of collection.indexes) {
        documents.addEntries({ index, ...indexKeys(index, doc) }, rid);
      }
      from = stored.rid;
    }
    if (rows.length < ROWS_PER_CHUNK) return;
  }
}

/** Does so once, in one transaction, when the file says that it is needed. */
export function rekey(connection: Connection, catalog: Catalog, documents: Documents): void {
  if (metaValue(connection.db, 'rekey') === undefined) return;
  connection.db.exec('BEGIN IMMEDIATE');
  try {
    for (const collection of catalog.list()) refill(connection, documents, collection);
    connection.db.exec("DELETE FROM meta WHERE name = 'rekey'; COMMIT");
  } catch (error) {
    if (connection.db.isTransaction) connection.db.exec('ROLLBACK');
    throw error;
  }
}
