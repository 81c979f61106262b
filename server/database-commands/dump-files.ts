/** The files of an export: mongodump's layout, with a list of contents beside it. */
import { createHash } from 'node:crypto';
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BSON } from 'mongodb';
import { z } from 'zod';
import type { Content } from '#server/database-commands/digest.ts';

/** The list of contents; mongorestore passes over it. */
const listName = 'export.json';
const metadataEnding = '.metadata.json';
/** Longest document plus the room servers give commands: 16 MB and 16 KB. */
const maxDocumentBytes = 16 * 1024 * 1024 + 16 * 1024;
const chunkBytes = 1024 * 1024;

/** What is kept of a collection besides its documents; values as the driver's exact BSON types. */
export interface CollectionShape {
  collectionName: string;
  type: string;
  options: Record<string, unknown>;
  indexes: Record<string, unknown>[];
  uuid?: string;
}

const contentShape = z.object({
  name: z.string(),
  documents: z.number(),
  bytes: z.number(),
  sha256: z.string(),
});
const listShape = z.object({ database: z.string(), collections: z.array(contentShape) });

/** The list of contents of one export. */
export type ContentList = z.infer<typeof listShape>;

/** A collection's file name without its ending: as Go's url.QueryEscape, shortened as mongodump does. */
export function fileStem(collection: string): string {
  const escaped = encodeURIComponent(collection)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
  if (escaped.length <= 238) return escaped;
  return `${escaped.slice(0, 208)}%24${createHash('sha1').update(collection).digest('base64url')}`;
}

/** Writes a collection's documents one after another, in constant memory. */
export async function writeDocuments(
  folder: string,
  collection: string,
  documents: AsyncIterable<Uint8Array>,
): Promise<void> {
  const file = await open(join(folder, `${fileStem(collection)}.bson`), 'wx', 0o600);
  try {
    let waiting: Uint8Array[] = [];
    let size = 0;
    const flush = async () => {
      if (size > 0) await file.writeFile(Buffer.concat(waiting));
      waiting = [];
      size = 0;
    };
    for await (const each of documents) {
      waiting.push(each);
      size += each.length;
      if (size >= chunkBytes) await flush();
    }
    await flush();
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The documents of a collection's file, in constant memory. @throws Error naming the file when it is cut or no BSON */
export async function* readDocuments(folder: string, collection: string): AsyncGenerator<Buffer> {
  const path = join(folder, `${fileStem(collection)}.bson`);
  const file = await open(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: chunkBytes })) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (let size = sizeAt(rest, at, path); size <= rest.length - at; size = sizeAt(rest, at, path)) {
        yield rest.subarray(at, at + size);
        at += size;
      }
      rest = rest.subarray(at);
    }
    if (rest.length > 0) throw new Error(`${path} ends in the middle of a document.`);
  } finally {
    await file.close();
  }
}

/** The length of the document that begins there; Infinity when not even its length is there yet. */
function sizeAt(bytes: Buffer, at: number, path: string): number {
  if (bytes.length - at < 4) return Number.POSITIVE_INFINITY;
  const size = bytes.readInt32LE(at);
  if (size < 5 || size > maxDocumentBytes)
    throw new Error(`${path} holds something that is no BSON document.`);
  return size;
}

/** Writes options and indexes as canonical Extended JSON. */
export async function writeShape(folder: string, shape: CollectionShape): Promise<void> {
  const text = BSON.EJSON.stringify(shape, { relaxed: false });
  await writeFile(join(folder, fileStem(shape.collectionName) + metadataEnding), text, {
    flag: 'wx',
    mode: 0o600,
  });
}

/** The collections of a database's folder by name. @throws Error when there is none */
export async function readShapes(folder: string): Promise<CollectionShape[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    throw new Error(
      `There is no folder ${folder}. Name the folder that the export made (--from), and the one in it for the database (--source-db) when it is called otherwise.`,
      { cause: error },
    );
  });
  const names = files.filter((name) => name.endsWith(metadataEnding)).sort();
  if (names.length === 0) throw new Error(`${folder} holds no collections (no *${metadataEnding}).`);
  const shapes: CollectionShape[] = [];
  for (const name of names) {
    const found = BSON.EJSON.parse(await readFile(join(folder, name), 'utf8'), { relaxed: false });
    const stem = name.slice(0, -metadataEnding.length).replaceAll('+', ' ');
    shapes.push({
      collectionName: decodeURIComponent(stem),
      type: 'collection',
      options: {},
      indexes: [],
      ...found,
    });
  }
  return shapes;
}

/** Writes the list of contents; it comes last, so that it says that all is there. */
export async function writeList(
  root: string,
  database: string,
  contents: Map<string, Content>,
): Promise<void> {
  const collections = [...contents].map(([name, content]) => ({ name, ...content }));
  const list: ContentList = { database, collections };
  await writeFile(join(root, listName), `${JSON.stringify(list, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
}

/** The list of contents; null for a dump of other tools, which have none. */
export async function readList(root: string): Promise<ContentList | null> {
  try {
    return listShape.parse(JSON.parse(await readFile(join(root, listName), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`${join(root, listName)} cannot be read.`, { cause: error });
  }
}
