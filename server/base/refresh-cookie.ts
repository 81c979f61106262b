/** The refresh cookie: the only cookie of the hub. `__Host-` ties it to this host, over TLS, for every path. */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

/** Name of the cookie. Browsers accept its `Secure` on http://localhost as well. */
export const refreshCookieName = '__Host-tandem';

const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

/** The cookie as sent, unchecked; null when absent or longer than any the hub makes. */
export function readRefreshCookie(request: Request): string | null {
  const value = parseCookie(request.get('cookie') ?? '')[refreshCookieName];
  return value === undefined || value.length > 200 ? null : value;
}

/** Sets the cookie until the session's idle limit. */
export function keepRefreshCookie(response: Response, token: string, until: Date): void {
  const cookie = stringifySetCookie({ name: refreshCookieName, value: token, expires: until, ...attributes });
  response.append('Set-Cookie', cookie);
}

/** Clears the cookie in the browser. */
export function dropRefreshCookie(response: Response): void {
  const cookie = stringifySetCookie({ name: refreshCookieName, value: '', maxAge: 0, ...attributes });
  response.append('Set-Cookie', cookie);
}
