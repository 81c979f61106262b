/** What goes wrong around a database command, in the words of whoever runs it. */
import { MongoServerSelectionError } from 'mongodb';

const notAllowed = 'this account may not read or write there';
const reasons = new Map<unknown, string>([
  ['ENOENT', 'there is no such file or folder'],
  ['ENOTDIR', 'a part of this path is a file, not a folder'],
  ['EISDIR', 'this is a folder, not a file'],
  ['EACCES', notAllowed],
  ['EPERM', notAllowed],
  ['EROFS', 'this disk can only be read'],
  ['ENOSPC', 'there is no room on this disk'],
]);

/** One line for people, never a stack; an error whose words are ours stays as it is. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof MongoServerSelectionError)
    return `No database server answers at MONGODB_URI (${error.message}). Check the address, and that the server runs.`;
  const reason = 'code' in error ? reasons.get(error.code) : undefined;
  if (reason === undefined) return error.message;
  const place = 'path' in error && typeof error.path === 'string' ? error.path : error.message;
  return `${place}: ${reason}.`;
}

/** `1 document`, `2 documents`. */
export function documentCount(documents: number): string {
  return documents === 1 ? '1 document' : `${documents} documents`;
}
