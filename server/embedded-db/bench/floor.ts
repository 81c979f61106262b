// The least this machine takes for a request: an echo over a socket, with a bare durable commit when asked.
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { startProcess } from './processes.ts';

/** One exchange, in bytes of request and reply. */
export interface Exchange {
  readonly request: number;
  readonly reply: number;
  /** True when the request is stored and synced before the reply. */
  readonly isDurable?: boolean;
}

/** Another process that only echoes and stores. */
export interface Floor {
  /** One request and its whole reply; one at a time. */
  run(exchange: Exchange): Promise<void>;
  stop(): Promise<void>;
}

/** What a request begins with: its length, that of its reply, 1 to be stored. */
export const HEAD = 12;

/** Starts the other process.
 *  @param dir - where a directory for its file is made */
export async function startFloor(dir: string): Promise<Floor> {
  const other = await startProcess('./echo.ts', [mkdtempSync(dir)]);
  const socket = connect(other.line);
  await once(socket, 'connect');
  let missing = 0;
  let answered = (): void => undefined;
  socket.on('data', (chunk) => {
    missing -= chunk.length;
    if (missing === 0) answered();
  });
  return {
    run: ({ request, reply, isDurable }) => {
      const bytes = Buffer.alloc(request);
      bytes.writeInt32LE(request, 0);
      bytes.writeInt32LE(reply, 4);
      bytes.writeInt32LE(isDurable ? 1 : 0, 8);
      return new Promise((resolve) => {
        missing = reply;
        answered = resolve;
        socket.write(bytes);
      });
    },
    stop: async () => {
      socket.destroy();
      await other.stop();
    },
  };
}
