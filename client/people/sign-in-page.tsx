/** Page in the making. */

/** Page in the making. */
export function SignInPage() {
  return null;
}
