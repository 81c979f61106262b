// The worker thread: opens the engine, listens, and closes on request.
import { parentPort, workerData } from 'node:worker_threads';
import { openEngine } from './engine/open.ts';
import { refuseNetworkDrive } from './store/network-drive.ts';
import { DirectoryInUse } from './store/owner-lock.ts';
import { type Address, Listener } from './wire/listener.ts';

/** What the worker is started with. */
export interface WorkerInput {
  readonly dataDir: string;
  readonly address: Address;
  readonly allowNetworkDrive: boolean;
}

/** What the worker says: ready with its address, refused with a reason, broken later, or closed. */
export type WorkerNote =
  | { readonly kind: 'ready'; readonly uri: string }
  | { readonly kind: 'in-use'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'closed' };

function tell(note: WorkerNote): void {
  parentPort?.postMessage(note);
}

function uriOf(address: Address, bound: string): string {
  return `mongodb://${'path' in address ? encodeURIComponent(bound) : bound}/?directConnection=true`;
}

async function serve({ dataDir, address, allowNetworkDrive }: WorkerInput): Promise<void> {
  if (!allowNetworkDrive) refuseNetworkDrive(dataDir);
  const { engine, close } = openEngine(dataDir, (error) => tell({ kind: 'broken', message: error.message }));
  const listener = new Listener(engine);
  const bound = await listener.listen(address).catch((error: unknown) => {
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
  const uri = uriOf(address, bound);
  engine.storage.publish(uri);
  tell({ kind: 'ready', uri });
}

serve(workerData as WorkerInput).catch((error: Error) => {
  tell({ kind: error instanceof DirectoryInUse ? 'in-use' : 'refused', message: error.message });
  parentPort?.close();
});
