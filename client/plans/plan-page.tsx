/** Page in the making. */

/** Page in the making. */
export function PlanPage() {
  return null;
}
