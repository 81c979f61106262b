/** Page in the making. */

/** Page in the making. */
export function CompanyPage() {
  return null;
}
