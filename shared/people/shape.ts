/** People: companies, members, sessions and invitations of colleagues. */
import { z } from 'zod';
import { idShape } from '#shared/base/ids.ts';
import { isoInstantShape } from '#shared/base/time.ts';
import { nameLength } from '#shared/base/units.ts';

/** An address as stored and compared: trimmed and lower case. At most 254 characters (source: RFC 5321). */
export const emailShape = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** A new password: 10–256 characters, no rule of composition (source: OWASP ASVS 5.0, 6.2). */
export const passwordShape = z.string().min(10).max(256);

/** A name of a company or person: one line, not empty after trimming. */
export const nameShape = z
  .string()
  .trim()
  .min(1)
  .max(nameLength)
  .regex(/^[^\p{Cc}\p{Cf}]+$/u);

/** Role inside one's own company. */
export const companyRoleShape = z.enum(['admin', 'member']);
export type CompanyRole = z.infer<typeof companyRoleShape>;

export const companyShape = z.strictObject({ id: idShape, name: nameShape });
export type Company = z.infer<typeof companyShape>;

/** A member as colleagues see them. */
export const memberShape = z.strictObject({
  id: idShape,
  name: nameShape,
  email: z.string(),
  role: companyRoleShape,
  joinedAt: isoInstantShape,
  /** False after an admin removed them; the record stays so that history keeps its authors. */
  active: z.boolean(),
});
export type Member = z.infer<typeof memberShape>;

/** A member as the partner company sees them in a shared workspace: no address, no role. */
export const partnerMemberShape = z.strictObject({ id: idShape, name: nameShape });
export type PartnerMember = z.infer<typeof partnerMemberShape>;

/** Who is signed in. */
export const meShape = z.strictObject({ member: memberShape, company: companyShape });
export type Me = z.infer<typeof meShape>;

/** A fresh access token (10 minutes, kept in memory only) and who it is for. */
export const signedInShape = z.strictObject({
  accessToken: z.string(),
  expiresAt: isoInstantShape,
  me: meShape,
});
export type SignedIn = z.infer<typeof signedInShape>;

/** 32 random bytes in base64url; travels in the fragment of a link and in bodies, never in a path or query. */
export const secretShape = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** An open invitation of a colleague, as admins list it. */
export const colleagueInvitationShape = z.strictObject({
  id: idShape,
  email: z.string(),
  role: companyRoleShape,
  invitedBy: nameShape,
  createdAt: isoInstantShape,
  expiresAt: isoInstantShape,
});
export type ColleagueInvitation = z.infer<typeof colleagueInvitationShape>;

/** One's own sign-ins, as listed on the profile. */
export const sessionShape = z.strictObject({
  id: idShape,
  device: z.string(),
  createdAt: isoInstantShape,
  lastSeenAt: isoInstantShape,
  current: z.boolean(),
});
export type Session = z.infer<typeof sessionShape>;
