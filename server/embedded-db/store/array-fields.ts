// How the file says in which fields of an index there have been arrays.

/** Every field may hold arrays: known of files that only noted whether there were any. */
const ANY_FIELD = 0x7fffffff;

/** What the file says about arrays in an index: 0 for none, 1 for anywhere, else twice the bits of the fields. */
export function arraysOf(stored: number): number {
  return stored === 1 ? ANY_FIELD : stored / 2;
}

/** What the file is to say about arrays in an index. */
export function storedArrays(arrays: number): number {
  return arrays === ANY_FIELD ? 1 : arrays * 2;
}
