// The rules for field paths and variable names in pipelines.
import { DatabaseError } from '../database-error.ts';

/** A component of a path, or the name of a field of an object expression.
 *  @throws 15998, 16410, 16411, 16412 for names no path can hold */
export function checkField(name: string): string {
  if (name.startsWith('$')) {
    throw new DatabaseError(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    );
  }
  if (name.includes('\0')) {
    throw new DatabaseError(16411, "FieldPath field names may not contain '\\0'.");
  }
  if (name.includes('.')) {
    throw new DatabaseError(
      16412,
      "FieldPath field names may not contain '.'. Consider using $getField or $setField.",
    );
  }
  return name;
}

/** `a.b.c` as its components.
 *  @throws 40352, 40353, 15998, 16410 for a path with empty or `$` components */
export function splitFieldPath(text: string): string[] {
  if (text === '') throw new DatabaseError(40352, 'FieldPath cannot be constructed with empty string');
  if (text.endsWith('.')) throw new DatabaseError(40353, "FieldPath must not end with a '.'.");
  const path = text.split('.');
  for (const part of path) {
    if (part === '') throw new DatabaseError(15998, 'FieldPath field names may not be empty strings.');
    checkField(part);
  }
  return path;
}

/** The name of a variable somebody binds.
 *  @throws 16866, 16867, 16868 for names that are none */
export function checkVariableName(name: string): string {
  if (name === '') throw new DatabaseError(16866, 'empty variable names are not allowed');
  // CURRENT is the one system variable that may be bound.
  if (name === 'CURRENT') return name;
  if (!/^[a-z\u0080-\uffff]/.test(name)) {
    throw new DatabaseError(16867, `'${name}' starts with an invalid character for a user variable name`);
  }
  if (!/^[a-zA-Z0-9_\u0080-\uffff]*$/.test(name)) {
    throw new DatabaseError(16868, `'${name}' contains an invalid character for a variable name`);
  }
  return name;
}
