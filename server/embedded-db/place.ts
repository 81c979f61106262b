// Where a database is served: its private place, and which further addresses are sensible.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { isIP, isIPv4 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credentials } from './access/credentials.ts';
import type { Address } from './wire/listener.ts';

/** Socket paths have a limit of about 104 bytes on the narrowest system. */
const MAX_SOCKET_PATH = 100;

/** An address and what has to be removed when it is no longer served. */
export interface Place {
  readonly address: Address;
  readonly cleanUp: () => void;
}

/** A Unix socket in the data directory, or for a long path in a private temporary one (file permissions
 *  are the access control), else loopback TCP. */
export function privatePlace(dataDir: string): Place {
  const nothing = () => undefined;
  const tcp = { address: { host: '127.0.0.1', port: 0 }, cleanUp: nothing };
  if (process.platform === 'win32') return tcp;
  const path = join(dataDir, 'database.sock');
  if (Buffer.byteLength(path) < MAX_SOCKET_PATH) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return { address: { path }, cleanUp: nothing };
  }
  const directory = mkdtempSync(join(tmpdir(), 'embedded-db-'));
  const shortPath = join(directory, 'database.sock');
  const cleanUp = () => rmSync(directory, { recursive: true, force: true });
  if (Buffer.byteLength(shortPath) < MAX_SOCKET_PATH) return { address: { path: shortPath }, cleanUp };
  cleanUp();
  return tcp;
}

/** True for a host only this machine can reach. Other names than `localhost` are not looked up. */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  return isIP(host) === 6 ? /^(0*:)*:?0*1$/.test(host) : host === 'localhost';
}

/** Refuses an address that other machines reach, unless it was asked for in so many words and needs a login.
 *  @throws Error that says why and what to do */
export function refuseExposed(address: Address, isAllowed: boolean, hasUser: boolean): void {
  if ('path' in address || isLoopback(address.host)) return;
  const place = `The embedded database does not listen on ${address.host}`;
  if (!hasUser) {
    throw new Error(
      `${place} without a password: whoever reaches this address from another machine could read and change everything. Set a user and a password, or listen on 127.0.0.1.`,
    );
  }
  if (!isAllowed) {
    throw new Error(
      `${place} unless it is told that other machines may connect: what is sent is not encrypted, so this is for networks you trust only. Say so (--beyond-loopback), or listen on 127.0.0.1.`,
    );
  }
}

/** The URI of a served address, with the name to log in by; a password is never part of it. */
export function uriOf(bound: string, login: Credentials | null): string {
  const host = bound.startsWith('/') ? encodeURIComponent(bound) : bound;
  const name = login ? `${encodeURIComponent(login.user)}@` : '';
  return `mongodb://${name}${host}/?directConnection=true${login ? '&authSource=admin' : ''}`;
}
