// A second process on one directory: it uses the database of the first through its socket.
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { EmbeddedDatabase } from './start.ts';
import { DirectoryInUse, type Owner, readOwner } from './store/owner-lock.ts';

/** How long an owner may take from its lock to its socket, and a new owner from the end of the old one. */
const JOIN_WITHIN_MS = 10_000;
const RETRY_MS = 50;

/** Where an address leads: `mongodb://%2Fpath.sock/…` or `mongodb://host:port/…`. */
function placeOf(uri: string): { path: string } | { host: string; port: number } {
  const place = decodeURIComponent(/^mongodb:\/\/([^/?]+)/.exec(uri)?.[1] ?? '');
  const tcp = /^\[?([^/\]]+)\]?:(\d+)$/.exec(place);
  return tcp ? { host: tcp[1] ?? '', port: Number(tcp[2]) } : { path: place };
}

/** A connection that tells of the owner's end; null when nobody listens there. */
function hold(uri: string): Promise<Socket | null> {
  return new Promise((settle) => {
    const socket = connect(placeOf(uri));
    socket.once('connect', () => settle(socket));
    socket.once('error', () => settle(null));
  });
}

function joined(
  dataDir: string,
  owner: Owner & { uri: string },
  socket: Socket,
  onFatal?: (e: Error) => void,
) {
  let isLeaving = false;
  const ended = new Promise<void>((settle) => {
    // A reset is an end as well, and the close that follows tells of it.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      settle();
      const text = `The process ${owner.pid}, which served the database in ${dataDir}, has ended; start again to go on.`;
      if (!isLeaving) onFatal?.(new Error(text));
    });
  });
  socket.resume();
  const close = async () => {
    isLeaving = true;
    socket.destroy();
    await ended;
  };
  return { uri: owner.uri, furtherUris: [], close };
}

/** Joins the running owner; null when there is none yet that listens. */
async function joinOwner(
  dataDir: string,
  onFatal?: (error: Error) => void,
): Promise<EmbeddedDatabase | null> {
  const owner = readOwner(dataDir);
  if (owner?.uri == null) return null;
  const socket = await hold(owner.uri);
  if (socket === null) return null;
  const now = readOwner(dataDir);
  // What was read first may have been left by a killed owner, and its port may be somebody else's by now.
  if (now?.pid === owner.pid && now.uri === owner.uri)
    return joined(dataDir, { ...owner, uri: owner.uri }, socket, onFatal);
  socket.destroy();
  return null;
}

/** Starts the database of a directory, or joins the process that has it open. Of several at once one starts it.
 *  Closing a joined database ends nothing; when its owner ends, `onFatal` is told.
 *  @throws DirectoryInUse when the owner answers nowhere within 10 s; what `start` throws otherwise */
export async function startOrJoin(
  dataDir: string,
  start: () => Promise<EmbeddedDatabase>,
  onFatal?: (error: Error) => void,
): Promise<EmbeddedDatabase> {
  const begun = performance.now();
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof DirectoryInUse)) throw error;
      const found = await joinOwner(dataDir, onFatal);
      if (found) return found;
      if (performance.now() - begun > JOIN_WITHIN_MS) throw error;
    }
    await pause(RETRY_MS);
  }
}
