/** The first load of a large document by HTTP, because a socket would be cut by it. Rule LV26. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Logger } from 'pino';
import type { Actor } from '#server/base/actor.ts';
import type { Rights } from '#server/base/live/rights/rights.ts';
import type { Rooms } from '#server/base/live/room/rooms.ts';
import { AppError, type ErrorBody, fail } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import { documentNameShape, liveLoadHeaders, liveLoadPath } from '#shared/base/live.ts';
import { encodeLoad } from '#shared/base/live-frame.ts';

/** What the handler needs. */
export interface LoadWorld {
  authenticate: (token: string) => Promise<Actor | null>;
  rights: Rights;
  rooms: Rooms;
  log: Logger;
}

/** Serves `GET /api/live/<document>`; fits Express and plain Node servers. */
export type LoadHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Loads of one person at the same time. */
const loadsPerPerson = 4;

/** Makes the handler. It answers every request and never rejects. */
export function createLoadHandler(world: LoadWorld): LoadHandler {
  const running = new Map<string, number>();
  return async (request, response) => {
    try {
      const actor = await findActor(world, request);
      const count = running.get(actor.memberId) ?? 0;
      if (count >= loadsPerPerson) fail('rate.limited');
      running.set(actor.memberId, count + 1);
      try {
        await sendDocument(world, actor, request, response);
      } finally {
        const left = (running.get(actor.memberId) ?? 1) - 1;
        if (left > 0) running.set(actor.memberId, left);
        else running.delete(actor.memberId);
      }
    } catch (error) {
      sendRefusal(world, response, error);
    }
  };
}

async function findActor(world: LoadWorld, request: IncomingMessage): Promise<Actor> {
  const token = /^Bearer ([^\s]{1,4096})$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) fail('session.missing');
  return (await world.authenticate(token)) ?? fail('session.expired');
}

async function sendDocument(
  world: LoadWorld,
  actor: Actor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const document = documentOf(request);
  if ((await world.rights.judge(actor, document)) === null) fail('thing.absent');
  const room = await world.rooms.at(document);
  const { epoch, seq, updates } = await room.read();
  // Reading took its time: whoever lost the right meanwhile gets nothing.
  const judgement = await world.rights.whileUnchanged(() => world.rights.judge(actor, document));
  if (judgement === null) fail('thing.absent');
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    [liveLoadHeaders.epoch]: epoch,
    [liveLoadHeaders.seq]: String(seq),
  });
  await pipeline(Readable.from(chunksOf(updates)), response);
}

function* chunksOf(updates: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const update of updates) yield encodeLoad([update]);
}

/** Express strips the mount path from `url`, and keeps all of it in `originalUrl`. */
function documentOf(request: IncomingMessage & { originalUrl?: string }): string {
  const path = (request.originalUrl ?? request.url ?? '').split('?')[0] ?? '';
  const prefix = liveLoadPath('');
  const name = documentNameShape.safeParse(path.startsWith(prefix) ? path.slice(prefix.length) : '');
  return name.success ? name.data : fail('input.invalid');
}

function sendRefusal(world: LoadWorld, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    // Whoever reads it has gone, or is told by an end that comes too soon.
    response.destroy();
    return;
  }
  let body: ErrorBody;
  let status = 500;
  if (error instanceof AppError) {
    body = error.toBody();
    status = error.status;
  } else {
    body = { code: 'internal', logId: createId() };
    world.log.error({ err: error, logId: body.logId }, 'live load failed');
  }
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
