// Runs seeds of random cases through the model and the engine, and makes what disagrees small.
import type { Collection, Db } from 'mongodb';
import { seededRandom } from '../test-database.ts';
import { type Answer, answerOf, difference, engineAnswer, fill, type Kind, openCollection } from './cases.ts';
import { type Random, randomDoc } from './random-documents.ts';
import { show } from './show.ts';
import { shrink } from './shrink.ts';
import type { Doc, Value } from './values.ts';

/** A source of cases of one kind. */
export interface Family {
  readonly kind: Kind;
  /** True when cases change the documents, which are put back then. */
  readonly changes?: boolean;
  /** Cases for each set of documents. */
  readonly perSeed: number;
  ask(random: Random, docs: readonly Doc[]): Doc;
  /** True when an answer shows that the case did something, and not the same to everything. */
  isTelling(answer: Answer, docs: readonly Doc[]): boolean;
  /** The least share of telling cases. */
  readonly leastTelling: number;
  /** Indexes for a seed; none at all for half of the seeds. */
  indexes?(random: Random): readonly { key: Doc; options: Record<string, unknown> }[];
}

/** What came of a run: counts, and a line for each disagreement with its smallest case. */
export interface Report {
  cases: number;
  telling: number;
  refused: number;
  readonly failures: string[];
}

const DOCS = 40;

/** Runs the seeds from `first` on.
 *  @param limit - stops after so many failures, for each of them is shrunk */
export async function runSeeds(
  db: Db,
  family: Family,
  first: number,
  count: number,
  limit = 3,
): Promise<Report> {
  const report: Report = { cases: 0, telling: 0, refused: 0, failures: [] };
  for (let seed = first; seed < first + count && report.failures.length < limit; seed++) {
    await runSeed(db, family, seed, report);
  }
  return report;
}

async function runSeed(db: Db, family: Family, seed: number, report: Report): Promise<void> {
  const random = seededRandom(seed);
  const docs = Array.from({ length: DOCS }, (_, at) => randomDoc(random, at));
  const collection = openCollection(db, `seed${seed}`);
  await fill(collection, docs);
  for (const { key, options } of family.indexes?.(random) ?? []) {
    // An index that these documents forbid is none.
    await collection.createIndex(key as unknown as Record<string, 1>, options).catch(() => '');
  }
  for (let at = 0; at < family.perSeed; at++) {
    const asked = family.ask(random, docs);
    const model = answerOf(() => family.kind.model(docs, asked));
    const engine = await engineAnswer(family.kind.engine(collection, asked));
    if (family.changes) await refill(collection, docs);
    // What is not supported is refused, and no disagreement.
    if (engine[0] === 'error 115') continue;
    count(report, family, model, docs);
    if (difference(model, engine) !== null)
      report.failures.push(await explain(db, family, seed, docs, asked));
  }
  await collection.drop().catch(() => false);
}

async function refill(collection: Collection, docs: readonly Doc[]): Promise<void> {
  await collection.deleteMany({});
  await fill(collection, docs);
}

function count(report: Report, family: Family, model: Answer, docs: readonly Doc[]): void {
  report.cases++;
  if (model.length > 0 && model.every((line) => line.startsWith('error'))) report.refused++;
  else if (family.isTelling(model, docs)) report.telling++;
}

async function explain(
  db: Db,
  family: Family,
  seed: number,
  docs: readonly Doc[],
  asked: Doc,
): Promise<string> {
  const start: Doc = new Map<string, Value>([
    ['docs', docs],
    ['asked', asked],
  ]);
  const wanted = await disagreement(db, family.kind, start);
  const small = await shrink(start, async (candidate) => {
    const found = await disagreement(db, family.kind, candidate);
    return found !== null && found.nature === wanted?.nature;
  });
  return `seed ${seed}: ${show(small)}\n  ${(await disagreement(db, family.kind, small))?.text ?? 'only with the indexes of the seed'}`;
}

/** How a case disagrees: `nature` stays the same while it is made smaller, so that it does not become another one. */
async function disagreement(db: Db, kind: Kind, one: Doc): Promise<{ text: string; nature: string } | null> {
  const answers = await answerCase(db, kind, one).catch(() => null);
  const text = answers && difference(answers.model, answers.engine);
  if (!answers || !text) return null;
  const refusals = [answers.model, answers.engine].map((answer) => /^error \d+/.exec(answer[0] ?? '')?.[0]);
  return { text, nature: refusals.join() };
}

/** Both answers to a case with fields `docs` and `asked`, in a collection of its own and without indexes. */
export async function answerCase(db: Db, kind: Kind, one: Doc): Promise<{ model: Answer; engine: Answer }> {
  const docs = one.get('docs') as Doc[];
  const asked = one.get('asked') as Doc;
  const collection = openCollection(db, 'case');
  await refill(collection, docs);
  return {
    model: answerOf(() => kind.model(docs, asked)),
    engine: await engineAnswer(kind.engine(collection, asked)),
  };
}
