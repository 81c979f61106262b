// Messages of very many documents: parsed in pieces, refused as small ones are.
import { serialize } from 'bson';
import { describe, expect, test, vi } from 'vitest';
import { encodeDoc } from '../bson/encode.ts';
import { openTestDatabase } from '../test-support/test-database.ts';
import { Wire } from '../test-support/wire.ts';
import { parseInPieces, parseMessage } from './message.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

/** An insert whose documents are a section of their own, as drivers send them. */
function insertMessage(documents: readonly Buffer[]): Buffer {
  const body = Wire.message({ insert: 'c', $db: 'test' });
  const name = Buffer.from('documents\0');
  const content = Buffer.concat(documents);
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeInt32LE(4 + name.length + content.length, 1);
  const out = Buffer.concat([body, head, name, content]);
  out.writeInt32LE(out.length, 0);
  return out;
}

const documents = Array.from({ length: 400 }, (_, _id) =>
  Buffer.from(serialize({ _id, text: 'x'.repeat(1_000) })),
);

describe('a large message', () => {
  test('[DB35] is parsed in pieces, to the same request', () => {
    const bytes = insertMessage(documents);
    const parsing = parseInPieces(bytes, () => true);
    let pieces = 0;
    let step = parsing.next();
    for (; !step.done; step = parsing.next()) pieces++;
    expect(pieces).toBe(documents.length);
    expect(encodeDoc(step.value.body).equals(encodeDoc(parseMessage(bytes).body))).toBe(true);
  });

  test('[DB12] is stored when it is well, and costs its connection when its last document is not', async () => {
    const database = await openTestDatabase();
    const wire = await Wire.connect(database.uri);
    wire.socket.write(insertMessage(documents));
    expect(await wire.reply()).toMatchObject({ n: documents.length, ok: 1 });
    const broken = Buffer.from(documents.at(-1) as Buffer);
    broken[4] = 0x77;
    wire.socket.write(insertMessage([...documents.slice(0, -1), broken]));
    await wire.closed();
    expect(await database.db.collection('c').countDocuments()).toBe(documents.length);
    await database.close();
  });
});
