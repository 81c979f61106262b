/** Page in the making. */

/** Page in the making. */
export function PlansPage() {
  return null;
}
