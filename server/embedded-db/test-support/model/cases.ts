// A case: documents and something to do with them, answered by the model and by the engine in the same words.
import { type Collection, type Db, type Document, MongoServerError } from 'mongodb';
import { parseFilter } from './filter.ts';
import { projectFound } from './find-projection.ts';
import { expressionTest, runPipeline } from './pipeline.ts';
import { updateMatched } from './positional.ts';
import { decode, show } from './show.ts';
import { type SortPattern, sortDocs } from './sort.ts';
import { applyUpdate, checkUpdate, upsertSeed } from './update.ts';
import { type Doc, isDoc, ModelError, type Value } from './values.ts';

/** Lines of an answer: one for each document or statement, or a single `error <code>`. */
export type Answer = readonly string[];

/** What kinds of cases do: `docs` are in the collection, the other fields say what is asked. */
export interface Kind {
  model(docs: readonly Doc[], asked: Doc): Answer;
  engine(collection: Collection, asked: Doc): Promise<Answer>;
}

/** Where two answers part, or null: a code of 0 in the model agrees with every error. */
export function difference(model: Answer, engine: Answer): string | null {
  const wrong = model.findIndex(
    (line, at) => line !== engine[at] && !(line === 'error 0' && engine[at]?.startsWith('error')),
  );
  if (wrong < 0 && model.length === engine.length) return null;
  const at = wrong < 0 ? Math.min(model.length, engine.length) : wrong;
  return `line ${at}: model ${model[at] ?? 'nothing'} | engine ${engine[at] ?? 'nothing'}`;
}

/** The model's answer, its refusals as lines. */
export function answerOf(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof ModelError) return [`error ${error.code}`];
    throw error;
  }
}

/** The engine's answer, its refusals as lines. */
export async function engineAnswer(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof MongoServerError) return [`error ${error.code}`];
    throw error;
  }
}

/** A command with a cursor; its documents as lines. */
export async function cursorLines(db: Db, command: Document, line = show): Promise<string[]> {
  const cursor = db.runCursorCommand(command, { raw: true } as object);
  const lines: string[] = [];
  for (;;) {
    const bytes = (await cursor.next()) as unknown as Buffer | null;
    if (bytes === null) return lines;
    lines.push(line(decode(bytes)));
  }
}

/** Fills a collection, with a bare command: the driver's own methods expect plain objects. */
export async function fill(collection: Collection, docs: readonly Doc[]): Promise<void> {
  if (docs.length > 0) await dbOf(collection).command({ insert: collection.collectionName, documents: docs });
}

function patternOf(sort: Value): SortPattern {
  if (!isDoc(sort)) return [['_id', 1]];
  return [...sort].map(([path, direction]) => [path, Number(direction) < 0 ? -1 : 1]);
}

/** `filter`, `sort` and `projection`: the documents found, by `_id` when no sort is given. */
export const FIND: Kind = {
  model(docs, asked) {
    const test = parseFilter(asked.get('filter') as Doc, expressionTest);
    const projection = (asked.get('projection') ?? new Map()) as Doc;
    const found = sortDocs(docs.filter(test), patternOf(asked.get('sort')));
    return found.map((root) => show(projectFound(root, projection)));
  },
  async engine(collection, asked) {
    const command = {
      find: collection.collectionName,
      filter: asked.get('filter'),
      projection: asked.get('projection') ?? {},
      sort: asked.get('sort') ?? { _id: 1 },
    };
    return cursorLines(dbOf(collection), command);
  },
};

/** One line for a document: its refusal, if any, and what it is afterwards. Of several changes any may be the one
 *  that is refused, so the code is told of single ones only. */
function updateLine(asked: Doc, after: string, code: number | undefined): string {
  if (code === undefined) return after;
  const changes = [...(asked.get('update') as Doc).values()].flatMap((fields) => [...(fields as Doc)]);
  return `error ${changes.length > 1 ? '' : code} ${after}`;
}

function updated(root: Doc, asked: Doc): string {
  const arrayFilters = (asked.get('arrayFilters') ?? []) as Doc[];
  try {
    const [filter, update] = [asked.get('filter'), asked.get('update') as Doc];
    if (isDoc(filter)) return show(updateMatched(root, filter, update));
    return show(applyUpdate(root, update, { arrayFilters }));
  } catch (error) {
    if (error instanceof ModelError) return updateLine(asked, show(root), error.code);
    throw error;
  }
}

/** `update` and `arrayFilters`, of every document by itself; with `filter` for updates that have `$` in a path. */
export const UPDATE: Kind = {
  model: (docs, asked) => docs.map((root) => updated(root, asked)),
  async engine(collection, asked) {
    const db = dbOf(collection);
    const before = await collection.find({}, { projection: { _id: 1 }, sort: { _id: 1 } }).toArray();
    if (before.length === 0) return [];
    const filter = (asked.get('filter') ?? new Map()) as Doc;
    const given = asked.get('arrayFilters');
    const options = given === undefined ? {} : { arrayFilters: given };
    const reply = await db.command({
      update: collection.collectionName,
      updates: before.map(({ _id }) => ({
        q: new Map([['_id', _id as Value], ...filter]),
        u: asked.get('update'),
        ...options,
      })),
      ordered: false,
    });
    const refusals = (reply['writeErrors'] ?? []) as { index: number; code: number }[];
    const lines = await cursorLines(db, { find: collection.collectionName, sort: { _id: 1 } });
    return lines.map((line, at) => updateLine(asked, line, refusals.find(({ index }) => index === at)?.code));
  },
};

/** `filter` with an `_id` that is not there, and `update`: the document an upsert makes. */
export const UPSERT: Kind = {
  model(_docs, asked) {
    const given = asked.get('filter') as Doc;
    parseFilter(given);
    checkUpdate(asked.get('update') as Doc);
    const made = applyUpdate(upsertSeed(given), asked.get('update') as Doc, { isInsert: true });
    return [show(made)];
  },
  async engine(collection, asked) {
    const db = dbOf(collection);
    const [filter, name] = [asked.get('filter') as Doc, collection.collectionName];
    const reply = await db.command({
      update: name,
      updates: [{ q: filter, u: asked.get('update'), upsert: true }],
    });
    const [refusal] = (reply['writeErrors'] ?? []) as { code: number }[];
    if (refusal !== undefined) return [`error ${refusal.code}`];
    const made = { _id: filter.get('_id') };
    const lines = await cursorLines(db, { find: name, filter: made });
    await db.command({ delete: name, deletes: [{ q: made, limit: 1 }] });
    return lines;
  },
};

/** `pipeline`; the first documents are also those of the collection `others`. */
export const AGGREGATE: Kind = {
  model: (docs, asked) =>
    runPipeline(docs, asked.get('pipeline') as Doc[], docs.slice(0, OTHERS)).map(shownRoughly),
  async engine(collection, asked) {
    const db = dbOf(collection);
    if (show(asked).includes('"others"')) {
      const first = await collection.find({}, { raw: true, sort: { _id: 1 }, limit: OTHERS }).toArray();
      await db.command({ delete: 'others', deletes: [{ q: {}, limit: 0 }] });
      await fill(
        openCollection(db, 'others'),
        first.map((bytes) => decode(bytes as unknown as Buffer)),
      );
    }
    const pipeline = asked.get('pipeline');
    const command = { aggregate: collection.collectionName, pipeline, cursor: {} };
    return cursorLines(db, command, shownRoughly);
  },
};

const OTHERS = 12;

/** Of a sum in two doubles the last of 34 digits are nobody's: of so long a decimal 15 are compared. */
function shownRoughly(value: Value): string {
  return show(value).replace(
    /"(-?[\d.]{33,}(?:E[-+]?\d+)?)"/g,
    (_, digits) => `"${Number(digits).toPrecision(15)}..."`,
  );
}

const databases = new WeakMap<Collection, Db>();

/** A collection that remembers its database. */
export function openCollection(db: Db, name: string): Collection {
  const collection = db.collection(name);
  databases.set(collection, db);
  return collection;
}

function dbOf(collection: Collection): Db {
  const db = databases.get(collection);
  if (db === undefined) throw new Error('made by openCollection');
  return db;
}
