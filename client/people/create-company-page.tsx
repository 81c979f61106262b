/** Page in the making. */

/** Page in the making. */
export function CreateCompanyPage() {
  return null;
}
