/** Tokens: short access tokens as JWT, and the line of refresh tokens of a session. */
import { hash } from 'node:crypto';
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

const claimsShape = z.object({
  sub: idShape,
  sid: idShape,
  purpose: z.literal(purpose),
  iat: z.number(),
  exp: z.number(),
});

/** What an access token says once it is verified; whether the session still lives is another question. */
export interface AccessClaims {
  memberId: string;
  sessionId: string;
}

/** Claims, and from when (inclusive) to when (exclusive) they hold, in seconds since 1970. */
interface TimedClaims extends AccessClaims {
  from: number;
  to: number;
}

/** Most tokens remembered; the oldest go first. */
const maxRemembered = 10_000;

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

/**
 * Makes a reader of access tokens that remembers what it has verified: whoever reconnects shows the same token. It
 * keeps hashes, so that nothing in memory can be used as a token. @returns null for a token that
 * is wrong in signature, algorithm, issuer, audience, purpose or time
 */
export function createTokenReader(hub: Hub): (token: string) => Promise<AccessClaims | null> {
  const remembered = new Map<string, TimedClaims>();
  const key = accessKey(hub);
  return async (token) => {
    const name = hash('sha256', token, 'base64url');
    const known = remembered.get(name);
    const second = Math.floor(hub.now().getTime() / secondMs);
    if (known !== undefined && known.from <= second && second < known.to) return known;
    remembered.delete(name);
    const claims = await verify(hub, token, key);
    if (claims === null) return null;
    remembered.set(name, claims);
    if (remembered.size > maxRemembered) remembered.delete(remembered.keys().next().value ?? '');
    return claims;
  };
}

/** Verifies signature, algorithm, issuer, audience, purpose and time. */
async function verify(hub: Hub, token: string, key: Uint8Array): Promise<TimedClaims | null> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      typ: 'at+jwt',
      issuer,
      audience: hub.env.publicUrl,
      requiredClaims: ['exp', 'iat', 'sub'],
      maxTokenAge: accessTokenMs / secondMs,
      currentDate: hub.now(),
    });
    const claims = claimsShape.safeParse(payload);
    if (!claims.success) return null;
    const { sub, sid, iat, exp } = claims.data;
    return { memberId: sub, sessionId: sid, from: iat, to: Math.min(exp, iat + accessTokenMs / secondMs) };
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
