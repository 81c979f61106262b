// The worker thread: opens the engine, listens, and closes on request.
import { parentPort, workerData } from 'node:worker_threads';
import type { Credentials } from './access/credentials.ts';
import { openEngine } from './engine/open.ts';
import { uriOf } from './place.ts';
import { refuseNetworkDrive } from './store/network-drive.ts';
import { DirectoryInUse } from './store/owner-lock.ts';
import { type Address, Listener } from './wire/listener.ts';

/** What the worker is started with. */
export interface WorkerInput {
  readonly dataDir: string;
  readonly addresses: readonly { readonly address: Address; readonly isGuarded: boolean }[];
  readonly credentials: Credentials | null;
  readonly allowNetworkDrive: boolean;
  readonly isForTests: boolean;
}

/** What the worker says: ready with the URIs of its addresses, refused with a reason, broken later, or closed. */
export type WorkerNote =
  | { readonly kind: 'ready'; readonly uris: readonly string[] }
  | { readonly kind: 'in-use'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'closed' };

function tell(note: WorkerNote): void {
  parentPort?.postMessage(note);
}

async function serve({
  dataDir,
  addresses,
  credentials,
  allowNetworkDrive,
  isForTests,
}: WorkerInput): Promise<void> {
  if (!allowNetworkDrive) refuseNetworkDrive(dataDir);
  const onFailure = (error: Error) => tell({ kind: 'broken', message: error.message });
  const { engine, close } = openEngine(dataDir, onFailure, undefined, isForTests);
  const listener = new Listener(engine, credentials);
  const listening = addresses.map(({ address, isGuarded }) => listener.listen(address, isGuarded));
  const published = Promise.all(listening).then((bound) => {
    const uris = bound.map((each, i) => uriOf(each, addresses[i]?.isGuarded ? credentials : null));
    // The private place comes first; a second process joins there.
    engine.storage.publish(uris[0] ?? '');
    return uris;
  });
  const uris = await published.catch(async (error: unknown) => {
    // None of the other addresses opens after the close.
    await Promise.allSettled(listening);
    await listener.close();
    close();
    throw error;
  });
  parentPort?.once('message', () => {
    void listener.close().then(() => {
      close();
      tell({ kind: 'closed' });
      parentPort?.close();
    });
  });
  tell({ kind: 'ready', uris });
}

serve(workerData as WorkerInput).catch((error: Error) => {
  tell({ kind: error instanceof DirectoryInUse ? 'in-use' : 'refused', message: error.message });
  parentPort?.close();
});
