/** Page in the making. */

/** Page in the making. */
export function JoinPage() {
  return null;
}
