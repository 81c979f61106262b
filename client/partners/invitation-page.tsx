/** Page in the making. */

/** Page in the making. */
export function InvitationPage() {
  return null;
}
