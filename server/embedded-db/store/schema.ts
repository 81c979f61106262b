// The layout of the SQLite file: made for a new one, brought up to date step by step for an older one.
import type { DatabaseSync } from 'node:sqlite';

/** Marks the file as ours in SQLite's own header ("EMDB"), for tools that look at unknown files. */
const APPLICATION_ID = 0x454d4442;

/** Step n turns layout n into layout n + 1; a new file goes through all of them. Only ever add at the end. */
const STEPS: readonly string[] = [
  `CREATE TABLE collection (
    id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL, uuid BLOB NOT NULL,
    made_at INTEGER NOT NULL, UNIQUE (db, name));
  CREATE TABLE index_spec (
    id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, spec BLOB NOT NULL,
    multikey INTEGER NOT NULL, made_at INTEGER NOT NULL);
  CREATE TABLE entry (
    idx INTEGER NOT NULL, key BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (idx, key, rid)) WITHOUT ROWID;
  CREATE TABLE retry (
    session BLOB PRIMARY KEY, txn INTEGER NOT NULL, reply BLOB NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;`,
  // A retryable batch that is cut into several commits leaves a part with each of them.
  `ALTER TABLE retry RENAME TO retry_whole;
  CREATE TABLE retry (
    session BLOB NOT NULL, part INTEGER NOT NULL, txn INTEGER NOT NULL, reply BLOB NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (session, part)) WITHOUT ROWID;
  INSERT INTO retry SELECT session, 0, txn, reply, at FROM retry_whole;
  DROP TABLE retry_whole;`,
  // What create and collMod say of a collection, as BSON; null for nothing.
  'ALTER TABLE collection ADD COLUMN options BLOB',
  // The bytes of texts with 0x00 or 0x01 in them are others; `rekey` makes all entries anew.
  "INSERT INTO meta VALUES ('rekey', 1)",
];

const META = 'CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID';

/** A number kept in the table `meta`, undefined when it was never set. */
export function metaValue(db: DatabaseSync, name: string): number | undefined {
  return db.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.['value'] as number | undefined;
}

/** Sets a number of the table `meta`. */
export function setMeta(db: DatabaseSync, name: string, value: number): void {
  const sql = 'INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value';
  db.prepare(sql).run(name, value);
}

/** Refuses what the engine never makes and SQLite would run beside its own statements. */
function refuseForeignParts(db: DatabaseSync, path: string): void {
  const sql = `SELECT type, name FROM sqlite_schema
    WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%' LIMIT 1`;
  const found = db.prepare(sql).get();
  if (!found) return;
  throw new Error(
    `${path} holds the ${found['type']} ${found['name']}, which no embedded database makes; somebody has changed the file.`,
  );
}

/** The layout a file has; 0 for an empty one.
 *  @param known - the newest layout that can be read
 *  @throws Error in readable words when another program made or changed the file or a newer version wrote it */
export function layoutOf(db: DatabaseSync, path: string, known = STEPS.length): number {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  if (tables.length === 0) return 0;
  refuseForeignParts(db, path);
  const isOurs = tables.some((each) => each['name'] === 'meta');
  const layout = isOurs ? metaValue(db, 'schema') : undefined;
  if (layout === undefined) {
    throw new Error(`${path} is an SQLite file of another program, not an embedded database.`);
  }
  if (layout > known) {
    throw new Error(
      `${path} was written by a newer version of the embedded database (layout ${layout}, known up to ${known}). Use that version, or restore a backup made by this one.`,
    );
  }
  return layout;
}

/** Brings a file to the present layout, in one transaction.
 *  @param steps - for tests of the mechanism
 *  @throws as `layoutOf` */
export function upgradeLayout(db: DatabaseSync, path: string, steps: readonly string[] = STEPS): void {
  const found = layoutOf(db, path, steps.length);
  if (found === steps.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec(`${META}; PRAGMA application_id = ${APPLICATION_ID}`);
    for (const step of steps.slice(found)) db.exec(step);
    setMeta(db, 'schema', steps.length);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
