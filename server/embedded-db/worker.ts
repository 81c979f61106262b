// The worker thread: opens the engine, listens, and closes on request.
import { parentPort, workerData } from 'node:worker_threads';
import { openEngine } from './engine/open.ts';
import { type Address, Listener } from './wire/listener.ts';

/** What the worker is started with. */
export interface WorkerInput {
  readonly dataDir: string;
  readonly address: Address;
}

/** What the worker says: ready with the bound address, refused with a reason, broken later, or closed. */
export type WorkerNote =
  | { readonly kind: 'ready'; readonly bound: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'closed' };

function tell(note: WorkerNote): void {
  parentPort?.postMessage(note);
}

async function serve({ dataDir, address }: WorkerInput): Promise<void> {
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
  tell({ kind: 'ready', bound });
}

serve(workerData as WorkerInput).catch((error: Error) => {
  tell({ kind: 'refused', message: error.message });
  parentPort?.close();
});
