/** Page in the making. */

/** Page in the making. */
export function WorkspacePage() {
  return null;
}
