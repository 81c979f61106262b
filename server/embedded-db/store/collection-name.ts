// Names of collections: those that are refused, and those of unfinished results.
import { DatabaseError } from '../database-error.ts';

/** Collections of this name, with a UUID behind it, are the unfinished results of pipelines. */
export const UNFINISHED_OUTPUT = 'tmp.agg_out.';

/** All such names, as a pattern of SQLite's GLOB. */
export const ANY_UNFINISHED_OUTPUT = `${UNFINISHED_OUTPUT}????????-????-????-????-????????????`;

/** @throws 73 InvalidNamespace */
export function refuseBadName(db: string, name: string): void {
  const isBad =
    db === '' ||
    name === '' ||
    /[\\/. "$\0]/.test(db) ||
    /[$\0]/.test(name) ||
    name.startsWith('.') ||
    name.endsWith('.') ||
    Buffer.byteLength(`${db}.${name}`) > 255;
  if (isBad) throw new DatabaseError(73, `Invalid namespace specified '${db}.${name}'`);
}
