/** Page in the making. */

/** Page in the making. */
export function MePage() {
  return null;
}
