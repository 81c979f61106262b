/** Access tokens that must not hold: one of every known way to forge, alter or misuse one. */
import { createHmac, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { deriveKey } from '#server/base/secrets.ts';
import { createId } from '#shared/base/ids.ts';
import { dayMs, minuteMs } from '#shared/base/units.ts';

/** What a forger at best would know, the secret included. */
export interface TrueToken {
  secret: string;
  publicUrl: string;
  memberId: string;
  sessionId: string;
  /** The token as the hub gave it. */
  accessToken: string;
  now: Date;
}

type Claims = Record<string, unknown>;

/** A token made by the hub's own recipe; it holds, so that what differs in the forged ones is what refuses them. */
export function genuineToken(from: TrueToken): Promise<string> {
  return recipe(from).sign(deriveKey(from.secret, 'access'));
}

/** Every forged token by the name of its fault. */
export async function forgedTokens(from: TrueToken): Promise<Record<string, string>> {
  return { ...(await wronglyClaimed(from)), ...wronglySealed(from) };
}

function recipe(
  from: TrueToken,
  claims: Claims = { purpose: 'access', sid: from.sessionId },
  typ = 'at+jwt',
) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ })
    .setIssuer('tandem')
    .setAudience(from.publicUrl)
    .setSubject(from.memberId)
    .setIssuedAt(from.now)
    .setExpirationTime(new Date(from.now.getTime() + 10 * minuteMs));
}

/** Sealed with the right key, but saying the wrong thing. */
async function wronglyClaimed(from: TrueToken): Promise<Record<string, string>> {
  const key = deriveKey(from.secret, 'access');
  const { now, sessionId: sid } = from;
  const claims = { purpose: 'access', sid };
  const endless = new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setIssuer('tandem')
    .setAudience(from.publicUrl)
    .setSubject(from.memberId)
    .setIssuedAt(now);
  const variants: Record<string, SignJWT> = {
    'another purpose': recipe(from, { purpose: 'reset', sid }),
    'no purpose': recipe(from, { sid }),
    'no session': recipe(from, { purpose: 'access' }),
    'an unknown session': recipe(from, { purpose: 'access', sid: createId() }),
    'a session id that is an object': recipe(from, { purpose: 'access', sid: { $ne: null } }),
    'another kind of token': recipe(from, claims, 'JWT'),
    'another issuer': recipe(from).setIssuer('other'),
    'another audience': recipe(from).setAudience('https://other.example'),
    expired: recipe(from).setExpirationTime(now),
    'without an end': endless,
    'made to last for years': recipe(from)
      .setIssuedAt(new Date(now.getTime() - dayMs))
      .setExpirationTime(new Date(now.getTime() + 3_650 * dayMs)),
    'from the future': recipe(from).setIssuedAt(new Date(now.getTime() + dayMs)),
    'not valid yet': recipe(from).setNotBefore(new Date(now.getTime() + dayMs)),
  };
  const signed = Object.entries(variants).map(
    async ([name, token]) => [name, await token.sign(key)] as const,
  );
  const otherKey = await recipe(from).sign(deriveKey(from.secret, 'refresh'));
  return { ...Object.fromEntries(await Promise.all(signed)), 'the key of refresh tokens': otherKey };
}

/** With the true claims, or altered ones, and a wrong or missing seal. */
function wronglySealed(from: TrueToken): Record<string, string> {
  const [head = '', body = '', seal = ''] = from.accessToken.split('.');
  const key = deriveKey(from.secret, 'access');
  const typ = 'at+jwt';
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const resealed = (header: Claims, by: Uint8Array | string, hash = 'sha256') => {
    const text = `${encode(header)}.${body}`;
    return `${text}.${createHmac(hash, by).update(text).digest('base64url')}`;
  };
  return {
    'alg none': `${encode({ alg: 'none', typ })}.${body}.`,
    'alg none with a seal': `${encode({ alg: 'none', typ })}.${body}.${seal}`,
    'alg none in capitals': `${encode({ alg: 'NONE', typ })}.${body}.${seal}`,
    'no algorithm': `${encode({ typ })}.${body}.${seal}`,
    'no seal': `${head}.${body}.`,
    'another seal': `${head}.${body}.${randomBytes(32).toString('base64url')}`,
    'another body': `${head}.${encode({ sub: createId(), purpose: 'access', exp: 9e9, iat: 1 })}.${seal}`,
    'a longer algorithm': resealed({ alg: 'HS512', typ }, key, 'sha512'),
    'a public-key algorithm': resealed({ alg: 'RS256', typ }, key),
    'a key id that is a path': resealed({ alg: 'HS256', typ, kid: '../../dev/null' }, ''),
    'an embedded key': resealed({ alg: 'HS256', typ, jwk: { kty: 'oct', k: 'AA' } }, Buffer.from([0])),
    'a critical header': resealed({ alg: 'HS256', typ, crit: ['b64'], b64: false }, key),
    'the secret itself as key': resealed({ alg: 'HS256', typ }, from.secret),
    'an empty key': resealed({ alg: 'HS256', typ }, ''),
    nonsense: 'a.b.c',
    'two parts': `${head}.${body}`,
    'four parts': `${from.accessToken}.${seal}`,
  };
}
