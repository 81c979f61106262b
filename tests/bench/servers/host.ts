/** How a measured server answers the process that measures it. */

/** What may be asked of a running server. */
export type Question = 'documents' | 'collect' | 'stop';

/** A server under measurement. */
export interface HostedServer {
  port: number;
  /** Documents in memory; null when it keeps none. */
  documents(): number | null;
  close(): Promise<void>;
}

/** What a server says over the channel to its parent. */
export type ServerWord = { ready: number } | { answer: number | null };

/** Says that the server is there and answers questions until it is told to stop. */
export function host(server: HostedServer): void {
  const say = (word: ServerWord) => process.send?.(word);
  process.on('message', (question: Question) => {
    if (question === 'documents') say({ answer: server.documents() });
    if (question === 'collect') say({ answer: collect() });
    if (question === 'stop') void server.close().then(() => process.exit(0));
  });
  // Nobody measures any more: a load that was ended must not leave its server behind.
  process.on('disconnect', () => process.exit(1));
  say({ ready: server.port });
}

/** Collects garbage, so that all servers begin alike. @returns heap and buffers in use, MB (10^6 bytes) */
function collect(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_000_000;
}
