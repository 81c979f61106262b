// Echoes messages, and stores them durably when asked: what any server of this machine has to do at least.
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HEAD } from './floor.ts';

const dir = process.argv[2] ?? '.';
const db = new DatabaseSync(join(dir, 'bare.sqlite'));
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (body BLOB)');
const insert = db.prepare('INSERT INTO bare (body) VALUES (?)');

function answer(message: Buffer): Buffer {
  if (message.readInt32LE(8) === 1) insert.run(message);
  return Buffer.alloc(message.readInt32LE(4));
}

const path = join(dir, 'bare.sock');
const server = createServer((socket) => {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = received.length > 0 ? Buffer.concat([received, chunk]) : chunk;
    // One message at a time: the next one is sent after the reply.
    if (received.length < HEAD || received.length < received.readInt32LE(0)) return;
    socket.write(answer(received));
    received = Buffer.alloc(0);
  });
});
server.listen(path, () => process.stdout.write(`${path}\n`));
