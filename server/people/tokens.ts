/** Tokens: short access tokens as JWT, and the line of refresh tokens of a session. */
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Hub } from '#server/base/hub.ts';
import { deriveKey, isSameText, sealText } from '#server/base/secrets.ts';
import type { SessionRecord } from '#server/people/model.ts';
import { idShape } from '#shared/base/ids.ts';
import { minuteMs, secondMs } from '#shared/base/units.ts';

/** How long an access token is believed. */
export const accessTokenMs = 10 * minuteMs;

const issuer = 'tandem';
const purpose = 'access';
const algorithm = 'HS256';

const claimsShape = z.object({ sub: idShape, sid: idShape, purpose: z.literal(purpose) });

/** What an access token says once it is verified; whether the session still lives is another question. */
export interface AccessClaims {
  memberId: string;
  sessionId: string;
}

/** Signs an access token for a session. */
export async function signAccessToken(
  hub: Hub,
  claims: AccessClaims,
): Promise<{ token: string; expiresAt: Date }> {
  const now = hub.now();
  const expiresAt = new Date(now.getTime() + accessTokenMs);
  const token = await new SignJWT({ purpose, sid: claims.sessionId })
    .setProtectedHeader({ alg: algorithm, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(hub.env.publicUrl)
    .setSubject(claims.memberId)
    .setIssuedAt(now)
    .setExpirationTime(expiresAt)
    .sign(accessKey(hub));
  return { token, expiresAt };
}

/** Verifies signature, algorithm, issuer, audience, purpose and time. @returns null when any of them is wrong */
export async function verifyAccessToken(hub: Hub, token: string): Promise<AccessClaims | null> {
  try {
    const { payload } = await jwtVerify(token, accessKey(hub), {
      algorithms: [algorithm],
      typ: 'at+jwt',
      issuer,
      audience: hub.env.publicUrl,
      requiredClaims: ['exp', 'iat', 'sub'],
      maxTokenAge: accessTokenMs / secondMs,
      currentDate: hub.now(),
    });
    const claims = claimsShape.safeParse(payload);
    return claims.success ? { memberId: claims.data.sub, sessionId: claims.data.sid } : null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

/**
 * The refresh token of a session's generation: `<session>.<generation>.<seal>`. It is derived, not stored: a
 * reader of the database cannot make one, and two tabs that refresh at once can be given the same one.
 */
export function makeRefreshToken(
  hub: Hub,
  session: Pick<SessionRecord, '_id' | 'salt'>,
  generation: number,
): string {
  const body = `${session._id}.${generation}`;
  return `${body}.${sealText(deriveKey(hub.env.secret, 'refresh'), `${body}.${session.salt}`)}`;
}

const refreshTokenForm = /^([0-9a-z]{20})\.(\d{1,9})\.[A-Za-z0-9_-]{43}$/;

/** The parts of a refresh token, not verified yet; null when it has another form. */
export function readRefreshToken(token: string): { sessionId: string; generation: number } | null {
  const match = refreshTokenForm.exec(token);
  return match === null ? null : { sessionId: match[1] ?? '', generation: Number(match[2]) };
}

/** Whether a token was really made for this session, at any generation. */
export function isOwnRefreshToken(hub: Hub, session: SessionRecord, token: string): boolean {
  const parts = readRefreshToken(token);
  return parts !== null && isSameText(makeRefreshToken(hub, session, parts.generation), token);
}

function accessKey(hub: Hub): Uint8Array {
  return deriveKey(hub.env.secret, 'access');
}
