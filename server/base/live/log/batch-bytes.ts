/** The entries of one log record as bytes: names and client ids said once, moments and clocks as differences. */
import type { ClockRange } from '#server/base/live/admission/document-index.ts';
import { ByteWriter, signedOf } from '#server/base/live/log/byte-writer.ts';
import type { LogEntry } from '#server/base/live/log/storage.ts';
import type { Side } from '#shared/base/audience.ts';
import { ByteReader, BytesError } from '#shared/base/byte-reader.ts';

/** Raised when the layout changes; older layouts stay readable. */
const layout = 1;
const sides: readonly Side[] = ['buyer', 'supplier'];

/** Bytes one entry takes beyond its update, names and further clock ranges apart; only a guess of the buffer's size. */
const expectedOverhead = 24;

interface Table<Key> {
  indexOf: Map<Key, number>;
  list: Key[];
}

/** What entries are written against: who came before, and where each client's clock stood. */
interface Progress {
  seq: number;
  atMs: number;
  clocks: number[];
}

/** @param entries - of one document, in order; not empty */
export function encodeEntries(entries: readonly LogEntry[]): Uint8Array {
  const authors: Table<string> = { indexOf: new Map(), list: [] };
  const clients: Table<number> = { indexOf: new Map(), list: [] };
  let expected = 64;
  for (const { memberId, side, clocks, update } of entries) {
    indexIn(authors, authorKey(memberId, side));
    for (const { client } of clocks) indexIn(clients, client);
    expected += update.length + expectedOverhead;
  }
  const writer = new ByteWriter(expected);
  writer.byte(layout);
  writer.uint(authors.list.length);
  for (const key of authors.list) {
    writer.byte(Number(key[0]));
    writer.text(key.slice(1));
  }
  writer.uint(clients.list.length);
  for (const client of clients.list) writer.uint(client);
  writer.uint(entries.length);
  const progress: Progress = { seq: entries[0]?.first ?? 1, atMs: 0, clocks: clients.list.map(() => 0) };
  progress.seq -= 1;
  for (const entry of entries) {
    const author = authors.indexOf.get(authorKey(entry.memberId, entry.side)) ?? 0;
    writeEntry(writer, entry, { author, clients: clients.indexOf, progress });
  }
  return writer.finish();
}

/**
 * @param first - number of the record's first entry
 * @returns updates as views on `bytes`, not copies
 * @throws BytesError when the bytes are not exactly one record's
 */
export function decodeEntries(bytes: Uint8Array, first: number): LogEntry[] {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== layout) throw new BytesError('unknown layout of a log record');
  const authors = Array.from({ length: reader.count(2) }, () => readAuthor(reader));
  const clients = Array.from({ length: reader.count(1) }, () => reader.uint());
  const progress: Progress = { seq: first - 1, atMs: 0, clocks: clients.map(() => 0) };
  const count = reader.count(5);
  const entries: LogEntry[] = [];
  for (let left = count; left > 0; left -= 1) entries.push(readEntry(reader, { authors, clients, progress }));
  if (reader.remaining > 0) throw new BytesError('bytes after the record');
  return entries;
}

/** An entry is its number's own unless merged; merged ones say which numbers and which time they stand for. */
function writeEntry(
  writer: ByteWriter,
  entry: LogEntry,
  { author, clients, progress }: { author: number; clients: Map<number, number>; progress: Progress },
): void {
  const sinceMs = entry.since.getTime();
  const isOwn =
    entry.first === entry.seq && entry.first === progress.seq + 1 && sinceMs === entry.at.getTime();
  writer.uint(author * 2 + (isOwn ? 0 : 1));
  if (!isOwn) {
    writer.int(entry.first - progress.seq);
    writer.uint(entry.seq - entry.first);
    writer.int(entry.at.getTime() - sinceMs);
  }
  writer.int(entry.at.getTime() - progress.atMs);
  writer.uint(entry.clocks.length);
  for (const { client, from, to } of entry.clocks) {
    const index = clients.get(client) ?? 0;
    writer.uint(index);
    writer.int(from - (progress.clocks[index] ?? 0));
    writer.uint(to - from);
    progress.clocks[index] = to;
  }
  writer.blob(entry.update);
  progress.seq = entry.seq;
  progress.atMs = entry.at.getTime();
}

interface Names {
  authors: readonly { memberId: string; side: Side }[];
  clients: readonly number[];
  progress: Progress;
}

function readEntry(reader: ByteReader, { authors, clients, progress }: Names): LogEntry {
  const head = reader.uint();
  const author = authors[Math.floor(head / 2)];
  if (author === undefined) throw new BytesError('unknown author');
  const isOwn = head % 2 === 0;
  const first = progress.seq + (isOwn ? 1 : signedOf(reader.uint()));
  const seq = first + (isOwn ? 0 : reader.uint());
  const lastedMs = isOwn ? 0 : signedOf(reader.uint());
  const atMs = progress.atMs + signedOf(reader.uint());
  const at = new Date(atMs);
  const clocks: ClockRange[] = [];
  for (let left = reader.count(3); left > 0; left -= 1) clocks.push(readRange(reader, clients, progress));
  const length = reader.count(1);
  const update = reader.bytes.subarray(reader.position, reader.position + length);
  reader.skip(length);
  progress.seq = seq;
  progress.atMs = atMs;
  const since = lastedMs === 0 ? at : new Date(atMs - lastedMs);
  return { seq, first, update, memberId: author.memberId, side: author.side, at, since, clocks };
}

function readRange(reader: ByteReader, clients: readonly number[], progress: Progress): ClockRange {
  const index = reader.uint();
  const client = clients[index];
  if (client === undefined) throw new BytesError('unknown client');
  const from = (progress.clocks[index] ?? 0) + signedOf(reader.uint());
  const to = from + reader.uint();
  progress.clocks[index] = to;
  return { client, from, to };
}

function readAuthor(reader: ByteReader): { memberId: string; side: Side } {
  const side = sides[reader.byte()];
  if (side === undefined) throw new BytesError('unknown side');
  return { side, memberId: reader.text() };
}

/** One digit for the side, then the member. */
function authorKey(memberId: string, side: Side): string {
  return (side === 'buyer' ? '0' : '1') + memberId;
}

function indexIn<Key>(table: Table<Key>, key: Key): void {
  if (table.indexOf.has(key)) return;
  table.indexOf.set(key, table.list.length);
  table.list.push(key);
}
