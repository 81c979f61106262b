/** Page in the making. */

/** Page in the making. */
export function InvitePartnerPage() {
  return null;
}
