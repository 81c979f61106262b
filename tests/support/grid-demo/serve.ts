/** Serves a page with a live grid of 500 rows and 104 weeks for both sides: `node tests/support/grid-demo/serve.ts`. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { build } from 'vite';
import type { Actor } from '#server/base/actor.ts';
import { createLiveEngine } from '#server/base/live/engine.ts';
import type { LiveKind } from '#server/base/live/kind.ts';
import { createMemoryStorage } from '#server/base/live/log/memory-storage.ts';
import { createSignals } from '#server/base/signals.ts';
import { makeBenchRules } from '#tests/support/bench-grid.ts';

/** People of the demo by the name in the page's address; their token is that name too. */
const people: Record<string, Actor> = {
  anna: personOf('0', 'Anna Berg', 'Nordwerk (buyer)'),
  otto: personOf('2', 'Otto Lind', 'Nordwerk (buyer)'),
  piotr: personOf('1', 'Piotr Mazur', 'Silesia Parts (supplier)'),
};

/** A running demo. */
export interface GridDemo {
  /** Address of a person's page. */
  addressOf(person: string): string;
  stop(): Promise<void>;
}

/** Builds the page and starts the hub in memory. @param port - 0 for any that is free */
export async function startGridDemo(port = 0): Promise<GridDemo> {
  const script = await bundle();
  const page = readFileSync(new URL('page.html', import.meta.url));
  const httpServer = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path.startsWith('/api/live/')) return void engine.loadHandler(request, response);
    response.setHeader('content-type', path === '/page.js' ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(path === '/page.js' ? script : page);
  });
  await new Promise<void>((resolve) => httpServer.listen(port, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  const engine = createLiveEngine({
    httpServer,
    storage: createMemoryStorage(),
    kinds: [grids],
    authenticate: async (token) => people[token] ?? null,
    findActor: async (sessionId) =>
      Object.values(people).find((actor) => actor.sessionId === sessionId) ?? null,
    signals: createSignals(),
    log: pino({ level: 'warn' }),
    now: () => new Date(),
    allowedOrigins: [address],
  });
  return {
    addressOf: (person) => `${address}/?person=${person}`,
    async stop() {
      await engine.close();
      httpServer.closeAllConnections();
      await new Promise((resolve) => httpServer.close(resolve));
    },
  };
}

const grids: LiveKind = {
  kind: 'grid',
  judge: async ({ companyId }) => {
    const side = companyId === 'supplier' ? 'supplier' : 'buyer';
    return { mayWrite: true, side, relationshipId: '00000000000000000000' };
  },
  grid: makeBenchRules(),
};

function personOf(digit: string, name: string, companyName: string): Actor {
  const companyId = companyName.includes('supplier') ? 'supplier' : 'buyer';
  const id = `0000000000000000000${digit}`;
  return { sessionId: id, memberId: id, name, companyId, companyName, role: 'member' };
}

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('page.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'gridDemo' } },
  });
  const [first] = Array.isArray(built) ? built : [built];
  if (first === undefined || !('output' in first)) throw new Error('nothing was built');
  return first.output[0].code;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const demo = await startGridDemo(Number(process.env['PORT'] ?? 4_100));
  for (const person of Object.keys(people)) process.stdout.write(`${person}: ${demo.addressOf(person)}\n`);
}
