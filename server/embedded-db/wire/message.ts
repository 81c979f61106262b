// Wire messages: OP_MSG and the legacy first OP_QUERY in, their replies out.
import { decodeDoc } from '../bson/decode.ts';
import { encodeDoc } from '../bson/encode.ts';
import type { Doc, Outgoing, Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { crc32c } from './checksum.ts';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER = 16;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Flags below bit 16 that are not known have to be refused. */
const REQUIRED_FLAGS = 0xffff;

/** A parsed request. */
export interface Message {
  readonly requestId: number;
  readonly body: Doc;
  /** Legacy requests are answered in the legacy form. */
  readonly isLegacy: boolean;
  /** False for unacknowledged writes: nothing may be sent back. */
  readonly wantsReply: boolean;
}

function malformed(why: string): DatabaseError {
  return new DatabaseError(17, `Malformed message: ${why}`);
}

function documentSize(bytes: Buffer, at: number, end: number): number {
  if (at + 4 > end) throw malformed('a document is cut off');
  const size = bytes.readInt32LE(at);
  if (size < 5 || at + size > end) throw malformed('a document has a wrong size');
  return size;
}

/** Parsing that pauses at each yield. */
type Parsing<T> = Generator<null, T, undefined>;

function* readSequence(
  bytes: Buffer,
  at: number,
  end: number,
  body: Doc,
  isTime: () => boolean,
): Parsing<number> {
  if (at + 4 > end) throw malformed('a section is cut off');
  const size = bytes.readInt32LE(at);
  const sectionEnd = at + size;
  const nameEnd = bytes.indexOf(0, at + 4);
  if (size < 5 || sectionEnd > end || nameEnd < 0 || nameEnd >= sectionEnd)
    throw malformed('a section has a wrong size');
  const documents: Value[] = [];
  for (let next = nameEnd + 1; next < sectionEnd; ) {
    const length = documentSize(bytes, next, sectionEnd);
    documents.push(decodeDoc(bytes.subarray(next, next + length)));
    next += length;
    if (isTime()) yield null;
  }
  const name = bytes.toString('utf8', at + 4, nameEnd);
  if (body.has(name)) throw malformed(`the section ${name} comes twice`);
  body.set(name, documents);
  return sectionEnd;
}

/** The flags, once everything they demand is known to be kept. */
function readFlags(bytes: Buffer): { readonly end: number; readonly wantsReply: boolean } {
  if (bytes.length < HEADER + 5) throw malformed('too short');
  const flags = bytes.readUInt32LE(HEADER);
  if (flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) throw malformed('unknown flags');
  const end = bytes.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  if (end < bytes.length && crc32c(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) {
    throw malformed('the checksum does not fit');
  }
  return { end, wantsReply: !(flags & MORE_TO_COME) };
}

/** One body and any number of sequences, in any order; a field given twice is refused, not chosen from. */
function* readSections(bytes: Buffer, end: number, isTime: () => boolean): Parsing<Doc> {
  let body: Doc | null = null;
  const sequences: Doc = new Map();
  for (let at = HEADER + 4; at < end; ) {
    const kind = bytes[at++];
    if (kind === 0) {
      if (body) throw malformed('two bodies');
      const size = documentSize(bytes, at, end);
      body = decodeDoc(bytes.subarray(at, at + size));
      at += size;
    } else if (kind === 1) at = yield* readSequence(bytes, at, end, sequences, isTime);
    else throw malformed('unknown section');
  }
  if (!body) throw malformed('no body');
  for (const [name, documents] of sequences) {
    if (body.has(name)) throw malformed(`the field ${name} comes twice`);
    body.set(name, documents);
  }
  return body;
}

function* parseOpMsg(bytes: Buffer, requestId: number, isTime: () => boolean): Parsing<Message> {
  const { end, wantsReply } = readFlags(bytes);
  const body = yield* readSections(bytes, end, isTime);
  return { requestId, body, isLegacy: false, wantsReply };
}

function parseOpQuery(bytes: Buffer, requestId: number): Message {
  const nameEnd = bytes.indexOf(0, HEADER + 4);
  if (nameEnd < 0 || nameEnd + 9 > bytes.length) throw malformed('a query is cut off');
  const namespace = bytes.toString('utf8', HEADER + 4, nameEnd);
  if (!namespace.endsWith('.$cmd')) throw malformed('legacy queries are not supported');
  const at = nameEnd + 9;
  const size = documentSize(bytes, at, bytes.length);
  const body = decodeDoc(bytes.subarray(at, at + size));
  body.set('$db', namespace.slice(0, -'.$cmd'.length));
  return { requestId, body, isLegacy: true, wantsReply: true };
}

/** Parses one complete message in pieces: a large one holds 100,000 documents.
 *  @param isTime - true when it should pause
 *  @throws DatabaseError for anything malformed; the connection is closed then */
export function* parseInPieces(bytes: Buffer, isTime: () => boolean): Parsing<Message> {
  const requestId = bytes.readInt32LE(4);
  const operation = bytes.readInt32LE(12);
  if (operation === OP_MSG) return yield* parseOpMsg(bytes, requestId, isTime);
  if (operation === OP_QUERY) return parseOpQuery(bytes, requestId);
  throw malformed(`operation ${operation} is not supported`);
}

/** Parses one complete message at once.
 *  @throws as `parseInPieces` */
export function parseMessage(bytes: Buffer): Message {
  const parsing = parseInPieces(bytes, () => false);
  for (;;) {
    const step = parsing.next();
    if (step.done) return step.value;
  }
}

let nextId = 1;

/** The bytes of a reply. */
export function replyBytes(message: Message, reply: ReadonlyMap<string, Outgoing>): Buffer[] {
  const body = encodeDoc(reply);
  const extra = message.isLegacy ? 20 : 5;
  const head = Buffer.alloc(HEADER + extra);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(nextId++ & 0x7fffffff, 4);
  head.writeInt32LE(message.requestId, 8);
  head.writeInt32LE(message.isLegacy ? OP_REPLY : OP_MSG, 12);
  // OP_REPLY: flags, cursor id (8), starting from, number returned. OP_MSG: flags and a section kind of zero.
  if (message.isLegacy) {
    head.writeInt32LE(8, HEADER);
    head.writeInt32LE(1, HEADER + 16);
  }
  return [head, body];
}
