/** Headers of every answer: a strict content policy, no framing, no sniffing, and nothing of the API in a cache. */
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Environment } from '#server/base/env.ts';
import { createId } from '#shared/base/ids.ts';
import { dayMs, secondMs } from '#shared/base/units.ts';

/** Features of the browser that the hub never uses. */
const refusedFeatures = ['camera', 'geolocation', 'microphone', 'payment', 'usb'];

/**
 * Security headers. Styles may be inline, because the component library writes custom properties into style
 * attributes; scripts may not. Sockets are named besides `'self'` for browsers that do not count them in.
 */
export function securityHeaders(env: Pick<Environment, 'publicUrl' | 'allowedOrigins'>): RequestHandler[] {
  const isHttps = env.publicUrl.startsWith('https://');
  // A policy knows no addresses in brackets (source: CSP level 3, host-source); `'self'` stands for them.
  const named = env.allowedOrigins.filter((origin) => !origin.includes('['));
  const sockets = named.map((origin) => origin.replace(/^http/, 'ws'));
  const policy = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", ...sockets],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        frameSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        ...(isHttps ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: isHttps ? { maxAge: (365 * dayMs) / secondMs, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  const features = refusedFeatures.map((name) => `${name}=()`).join(', ');
  return [
    policy,
    (_request, response, next) => {
      response.set('Permissions-Policy', features);
      next();
    },
  ];
}

/** Gives every call an id that its log lines and its `internal` refusal carry, and keeps answers out of caches. */
export const callHeaders: RequestHandler = (_request, response, next) => {
  const requestId = createId();
  response.locals['requestId'] = requestId;
  response.set({ 'Cache-Control': 'no-store', 'X-Request-Id': requestId });
  next();
};
