/** Page in the making. */

/** Page in the making. */
export function HomePage() {
  return null;
}
