// Addresses that cannot be listened on: what stands in the way is kept, and named in words.
import { lstatSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { Address } from './listener.ts';

function isServed(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const probe = connect(path);
    probe.once('connect', () => settle(true));
    probe.once('error', () => settle(false));
    probe.once('connect', () => probe.destroy());
  });
}

/** Removes a socket that a killed process has left; everything else of that name is kept.
 *  @throws Error in readable words when the name is a file's, or a process listens there */
export async function freeSocket(path: string): Promise<void> {
  const present = lstatSync(path, { throwIfNoEntry: false });
  if (present === undefined) return;
  if (!present.isSocket()) {
    throw new Error(`${path} exists and is no socket. It is left as it is; choose another name.`);
  }
  if (await isServed(path)) {
    throw new Error(`Another process listens on ${path}. Stop it, or choose another name.`);
  }
  rmSync(path, { force: true });
}

/** What the system says of an address, in words that name it. */
export function listenFault(address: Address, error: Error): Error {
  if ('path' in address) {
    const reason = `There is no such folder, or this account may not write there (${error.message}).`;
    return new Error(`The socket ${address.path} cannot be made. ${reason}`, { cause: error });
  }
  const { host, port } = address;
  const code = 'code' in error ? error.code : '';
  const words: Partial<Record<string, string>> = {
    EADDRINUSE: `Another program listens on port ${port} of ${host}. Stop it, or choose another port.`,
    EACCES: `This account may not listen on port ${port}. Choose a port above 1023.`,
    EADDRNOTAVAIL: `This machine has no address ${host}.`,
    ENOTFOUND: `There is no machine called ${host}.`,
  };
  return new Error(words[String(code)] ?? error.message, { cause: error });
}
