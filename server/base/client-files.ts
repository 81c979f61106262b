/** The built client: hashed assets cached for ever, the page itself always asked for again. */
import { join } from 'node:path';
import express, { type Express } from 'express';

/** Serves `folder`; every other path that looks like a page gets `index.html`, and the client shows what is there. */
export function serveClient(app: Express, folder: string): void {
  app.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '365d', index: false }),
  );
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

function alwaysAsk(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('Cache-Control', 'no-cache');
}
