/** The built client: hashed assets cached for ever and sent compressed, the page itself always asked for again. */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import express, { type Express, type RequestHandler } from 'express';
import { dayMs, secondMs } from '#shared/base/units.ts';

const compress = promisify(gzip);
const assetAgeMs = 365 * dayMs;

/** Names of assets that text compression makes smaller; nothing in them leads out of the folder. */
const compressible = /^[\w-][\w.-]*\.(js|css|svg|json)$/;

/**
 * Serves `folder`; every other path that looks like a page gets `index.html`, and the client shows what is there.
 * @param built - what every request waits for: the first start answers before its client is built
 */
export function serveClient(app: Express, folder: string, built: Promise<unknown> = Promise.resolve()): void {
  app.use(async (_request, _response, next) => {
    await built;
    next();
  });
  const assets = join(folder, 'assets');
  app.use('/assets', sendCompressed(assets));
  app.use('/assets', express.static(assets, { immutable: true, maxAge: assetAgeMs, index: false }));
  app.use(
    express.static(folder, { index: false, dotfiles: 'ignore', cacheControl: false, setHeaders: alwaysAsk }),
  );
  app.use((request, response, next) => {
    const isPage = request.method === 'GET' && !/\.[^/]*$/.test(request.path) && request.accepts('html');
    if (!isPage) {
      next();
      return;
    }
    alwaysAsk(response);
    response.sendFile('index.html', { root: folder, cacheControl: false });
  });
}

/** Compresses each asset once, at its first request; their names change with their content. */
function sendCompressed(folder: string): RequestHandler {
  const known = new Map<string, Promise<Buffer>>();
  return async (request, response, next) => {
    response.vary('Accept-Encoding');
    const name = request.path.slice(1);
    if (request.method !== 'GET' || !compressible.test(name) || !request.acceptsEncodings('gzip')) {
      next();
      return;
    }
    const pending = known.get(name) ?? readFile(join(folder, name)).then((bytes) => compress(bytes));
    known.set(name, pending);
    try {
      const bytes = await pending;
      response.type(extname(name));
      response.set({
        'Content-Encoding': 'gzip',
        'Cache-Control': `public, max-age=${assetAgeMs / secondMs}, immutable`,
      });
      response.send(bytes);
    } catch {
      // There is no such file, or not now: the plain way answers that.
      known.delete(name);
      next();
    }
  };
}

function alwaysAsk(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('Cache-Control', 'no-cache');
}
