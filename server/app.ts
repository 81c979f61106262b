/** The HTTP side of the hub: headers, probes, the calls of all rooms, the client, and the one error exit. */
import express, { type Express } from 'express';
import { serveClient } from '#server/base/client-files.ts';
import { callHeaders, securityHeaders } from '#server/base/headers.ts';
import { type Authenticate, mount, type Route } from '#server/base/http.ts';
import type { Hub } from '#server/base/hub.ts';
import type { LoadHandler } from '#server/base/live/log/load-handler.ts';
import { createPace } from '#server/base/pace.ts';
import { createErrorExit } from '#server/base/refusal.ts';
import { checkOrigin, readJsonBody } from '#server/base/request.ts';
import { fail } from '#shared/base/errors.ts';
import { liveLoadPath } from '#shared/base/live.ts';

/** What the app is made of. */
export interface AppParts {
  hub: Hub;
  routes: readonly Route[];
  authenticate: Authenticate;
  /** First loads of large live documents; checks token and right itself. */
  loadHandler: LoadHandler;
  /** Whether the hub can serve now: the database answers and the live engine is up. */
  isReady(): Promise<boolean>;
  /** True from the moment the hub begins to stop. */
  isStopping(): boolean;
  /** The client's folder, and when it is built; null serves none, as in API tests. */
  client: { folder: string; built: Promise<unknown> } | null;
}

/** Composes the app; the order of its parts is the order a request meets them. */
export function createApp(parts: AppParts): Express {
  const { hub } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', hub.env.trustProxyHops);
  app.use(securityHeaders(hub.env));
  addProbes(app, parts);
  app.use('/api', callHeaders, (_request, response, next) => {
    if (!parts.isStopping()) return next();
    response.set('Connection', 'close');
    return fail('server.stopping');
  });
  app.use('/api', checkOrigin(hub.env.allowedOrigins), readJsonBody);
  const pace = createPace(hub.env.limits, hub.now);
  mount(app, parts.routes, { hub, pace, authenticate: parts.authenticate });
  app.get(liveLoadPath('*name'), (request, response) => {
    pace.call(request.ip ?? '');
    return parts.loadHandler(request, response);
  });
  app.use('/api', () => fail('thing.absent'));
  if (parts.client !== null) serveClient(app, parts.client.folder, parts.client.built);
  app.use(() => fail('thing.absent'));
  app.use(createErrorExit(hub.log));
  return app;
}

/** `/healthz` says the process lives; `/readyz` says it can serve, and is what a balancer asks. */
function addProbes(app: Express, parts: AppParts): void {
  app.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'alive' });
  });
  app.get('/readyz', async (_request, response) => {
    const ready = !parts.isStopping() && (await parts.isReady());
    response.set('Cache-Control', 'no-store').status(ready ? 200 : 503);
    response.json({ status: ready ? 'ready' : 'not ready' });
  });
}
