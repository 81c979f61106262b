// Everything that belongs to one open file.
import { Catalog } from '../store/catalog.ts';
import { Connection } from '../store/connection.ts';
import { DamagedFile, namedFault } from '../store/damage.ts';
import { type DatabaseFile, openDatabaseFile } from '../store/database-file.ts';
import { Documents } from '../store/documents.ts';
import { rekey } from '../store/rekey.ts';
import { Locks } from './locks.ts';
import { StoreWatch } from './store-failure.ts';

/** Snapshots kept open for the next transactions. */
const IDLE_SNAPSHOTS = 4;

/** The file, its catalog and the locks of open transactions. */
export class Storage {
  readonly main: Connection;
  readonly catalog: Catalog;
  readonly documents: Documents;
  readonly locks = new Locks();
  readonly watch: StoreWatch;
  readonly #file: DatabaseFile;
  readonly #idle: Connection[] = [];

  /** @param onBroken - told once, when the file can no longer be trusted */
  constructor(dataDir: string, onBroken: (error: Error) => void) {
    this.watch = new StoreWatch(dataDir, onBroken);
    this.#file = openDatabaseFile(dataDir);
    this.main = this.#file.main;
    try {
      this.catalog = new Catalog(this.main);
      this.documents = new Documents(this.main, this.catalog);
      rekey(this.main, this.catalog, this.documents);
    } catch (error) {
      this.#file.close(false);
      const named = namedFault(error, this.#file.path);
      throw named === error ? new DamagedFile(this.#file.path, (error as Error).message) : named;
    }
  }

  /** The next version number; see `DatabaseFile`. */
  readonly nextVersion = (): number => this.#file.nextVersion();

  /** True while a write transaction is under way and nothing in it is half done. */
  get canCommit(): boolean {
    return this.main.db.isTransaction && !this.documents.isHalfWritten && !this.catalog.isHalfMade;
  }

  /** Tells other processes of this machine where the database is served. */
  publish(uri: string): void {
    this.#file.publish(uri);
  }

  /** A connection that keeps seeing the state of this moment until it is given back. */
  openSnapshot(): Connection {
    const connection = this.#idle.pop() ?? new Connection(this.#file.path, 4_096);
    connection.db.exec('BEGIN');
    // A snapshot begins with the first read, not with BEGIN.
    connection.statement('SELECT count(*) FROM meta').get();
    return connection;
  }

  /** Ends a snapshot. */
  closeSnapshot(connection: Connection): void {
    connection.db.exec('ROLLBACK');
    if (this.#idle.length < IDLE_SNAPSHOTS) this.#idle.push(connection);
    else connection.close();
  }

  /** Checkpoints and closes the file and frees its lock. */
  close(): void {
    for (const connection of this.#idle) connection.close();
    this.#file.close(this.watch.broken === null);
  }
}
