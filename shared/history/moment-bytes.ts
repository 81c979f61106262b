/** Moments and ranges of history as bytes: written by the hub, read by the client under strict bounds. */
import * as encoding from 'lib0/encoding';
import type { Side } from '#shared/base/audience.ts';
import { ByteReader, BytesError } from '#shared/base/byte-reader.ts';

/** Someone whose work is in it; `memberName` and `companyName` as they are now. */
export interface Author {
  memberId: string;
  memberName: string;
  companyName: string;
  side: Side;
}

/**
 * Clocks of one Yjs client, `from` inclusive to `to` exclusive, that one person wrote, or deleted. In a document the
 * runs of each of the two lists are sorted by client and clock and never overlap; together the written ones are all there is.
 */
export interface Run {
  client: number;
  from: number;
  to: number;
  /** Place in `authors`. */
  author: number;
  /** Milliseconds since 1970: the run's first edit; its last is at most `historyLimits.runMs` later, unless compacted. */
  atMs: number;
}

/** One document at the moment. */
export interface MomentDocument {
  document: string;
  /** Number of the last log entry in it; 0 when nothing had been written. */
  seq: number;
  /** The moment of that entry; 0 for none. */
  editedAtMs: number;
  /** One V1 update: everything ever written up to then, with the deleted text when it was still in the log. */
  update: Uint8Array;
  written: Run[];
  deleted: Run[];
}

/** A subject at a moment. */
export interface Moment {
  atMs: number;
  authors: Author[];
  /** Readable documents, by name. */
  documents: MomentDocument[];
  /** Readable documents that found no room in this answer; ask for them by name. */
  omitted: string[];
}

/** One log entry; after compaction it may stand for several updates of one person. */
export interface Step {
  /** Place in `documents`. */
  document: number;
  first: number;
  last: number;
  author: number;
  sinceMs: number;
  atMs: number;
  /** V1; those of a document must be applied in order. */
  update: Uint8Array;
}

/** What happened between two moments, oldest first. */
export interface Range {
  /** It is complete after the moment asked from, up to and including this one. */
  untilMs: number;
  authors: Author[];
  documents: string[];
  steps: Step[];
}

/** First byte of each kind of message; another one is another format. */
const momentFormat = 1;
const rangeFormat = 2;

type Encoder = ReturnType<typeof encoding.createEncoder>;

/** The bytes of a moment. */
export function encodeMoment(moment: Moment): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, momentFormat);
  encoding.writeVarUint(encoder, moment.atMs);
  writeAuthors(encoder, moment.authors);
  encoding.writeVarUint(encoder, moment.documents.length);
  for (const one of moment.documents) {
    encoding.writeVarString(encoder, one.document);
    encoding.writeVarUint(encoder, one.seq);
    encoding.writeVarUint(encoder, one.editedAtMs);
    encoding.writeVarUint8Array(encoder, one.update);
    writeRuns(encoder, one.written);
    writeRuns(encoder, one.deleted);
  }
  writeTexts(encoder, moment.omitted);
  return encoding.toUint8Array(encoder);
}

/** Reads a moment back. @throws BytesError when it was cut or is not one */
export function decodeMoment(bytes: Uint8Array): Moment {
  const reader = readerOf(bytes, momentFormat);
  const atMs = reader.uint();
  const authors = readAuthors(reader);
  const documents: MomentDocument[] = [];
  for (let left = reader.count(6); left > 0; left -= 1) {
    documents.push({
      document: reader.text(),
      seq: reader.uint(),
      editedAtMs: reader.uint(),
      update: reader.blob(),
      written: readRuns(reader, authors.length),
      deleted: readRuns(reader, authors.length),
    });
  }
  const omitted = readTexts(reader);
  return ended(reader, { atMs, authors, documents, omitted });
}

/** The bytes of a range. */
export function encodeRange(range: Range): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, rangeFormat);
  encoding.writeVarUint(encoder, range.untilMs);
  writeAuthors(encoder, range.authors);
  writeTexts(encoder, range.documents);
  encoding.writeVarUint(encoder, range.steps.length);
  for (const step of range.steps) {
    encoding.writeVarUint(encoder, step.document);
    encoding.writeVarUint(encoder, step.first);
    encoding.writeVarUint(encoder, step.last);
    encoding.writeVarUint(encoder, step.author);
    encoding.writeVarUint(encoder, step.sinceMs);
    encoding.writeVarUint(encoder, step.atMs);
    encoding.writeVarUint8Array(encoder, step.update);
  }
  return encoding.toUint8Array(encoder);
}

/** Reads a range back. @throws BytesError when it was cut or is not one */
export function decodeRange(bytes: Uint8Array): Range {
  const reader = readerOf(bytes, rangeFormat);
  const untilMs = reader.uint();
  const authors = readAuthors(reader);
  const documents = readTexts(reader);
  const steps: Step[] = [];
  for (let left = reader.count(7); left > 0; left -= 1) {
    steps.push({
      document: placeIn(reader, documents.length),
      first: reader.uint(),
      last: reader.uint(),
      author: placeIn(reader, authors.length),
      sinceMs: reader.uint(),
      atMs: reader.uint(),
      update: reader.blob(),
    });
  }
  return ended(reader, { untilMs, authors, documents, steps });
}

function readerOf(bytes: Uint8Array, format: number): ByteReader {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== format) throw new BytesError('another format');
  return reader;
}

function ended<Read>(reader: ByteReader, read: Read): Read {
  if (reader.remaining > 0) throw new BytesError('bytes after the end');
  return read;
}

function placeIn(reader: ByteReader, length: number): number {
  const place = reader.uint();
  if (place >= length) throw new BytesError('place outside its list');
  return place;
}

function writeTexts(encoder: Encoder, texts: readonly string[]): void {
  encoding.writeVarUint(encoder, texts.length);
  for (const text of texts) encoding.writeVarString(encoder, text);
}

function readTexts(reader: ByteReader): string[] {
  return Array.from({ length: reader.count(1) }, () => reader.text());
}

function writeAuthors(encoder: Encoder, authors: readonly Author[]): void {
  encoding.writeVarUint(encoder, authors.length);
  for (const author of authors) {
    encoding.writeVarString(encoder, author.memberId);
    encoding.writeVarString(encoder, author.memberName);
    encoding.writeVarString(encoder, author.companyName);
    encoding.writeUint8(encoder, author.side === 'buyer' ? 0 : 1);
  }
}

function readAuthors(reader: ByteReader): Author[] {
  return Array.from({ length: reader.count(4) }, () => ({
    memberId: reader.text(),
    memberName: reader.text(),
    companyName: reader.text(),
    side: reader.byte() === 0 ? ('buyer' as const) : ('supplier' as const),
  }));
}

/** By client, each clock as the step from the end of the last run, each moment as its distance from the first one. */
function writeRuns(encoder: Encoder, runs: readonly Run[]): void {
  const start = runs.reduce((least, run) => Math.min(least, run.atMs), runs[0]?.atMs ?? 0);
  encoding.writeVarUint(encoder, runs.length);
  encoding.writeVarUint(encoder, start);
  let client = -1;
  let clock = 0;
  for (const run of runs) {
    const isSame = run.client === client;
    encoding.writeUint8(encoder, isSame ? 1 : 0);
    if (!isSame) encoding.writeVarUint(encoder, run.client);
    encoding.writeVarUint(encoder, isSame ? run.from - clock : run.from);
    encoding.writeVarUint(encoder, run.to - run.from);
    encoding.writeVarUint(encoder, run.author);
    encoding.writeVarUint(encoder, run.atMs - start);
    ({ client, to: clock } = run);
  }
}

function readRuns(reader: ByteReader, authorCount: number): Run[] {
  const runs: Run[] = [];
  const count = reader.count(1);
  const start = reader.uint();
  let client = -1;
  let clock = 0;
  for (let left = count; left > 0; left -= 1) {
    const isSame = reader.byte() === 1;
    if (isSame && client < 0) throw new BytesError('run of no client');
    if (!isSame) {
      client = reader.uint();
      clock = 0;
    }
    const from = clock + reader.uint();
    clock = from + reader.uint();
    runs.push({ client, from, to: clock, author: placeIn(reader, authorCount), atMs: start + reader.uint() });
  }
  return runs;
}
