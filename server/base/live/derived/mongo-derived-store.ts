/** Derived records and quarantines in MongoDB. */
import { type ClientSession, trusted } from 'mongoose';
import type { DerivedRecord, DerivedStore } from '#server/base/live/derived/derived-store.ts';
import { type DerivedDocument, DerivedModel, QuarantineModel } from '#server/base/live/derived/model.ts';
import { isDuplicateKey } from '#server/base/mongo.ts';

/** The store in the connected database. */
export function createMongoDerivedStore(): DerivedStore {
  return {
    async read(subject) {
      const found = await DerivedModel.findById(subject).lean();
      return found === null ? null : recordOf(found);
    },
    async write({ subject, ...fields }) {
      const before = { _id: subject, revision: fields.revision - 1 };
      const { matchedCount } = await DerivedModel.updateOne(before, { $set: fields });
      if (matchedCount > 0) return true;
      if (fields.revision > 1) return false;
      try {
        await DerivedModel.create([{ _id: subject, ...fields, isOpen: false }]);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    async open(subject, kind) {
      const fresh = { kind, revision: 0, version: 0, states: [], at: null, value: null };
      const change = { $set: { isOpen: true }, $setOnInsert: fresh };
      await DerivedModel.updateOne({ _id: subject }, change, { upsert: true });
    },
    async close(subject) {
      await DerivedModel.updateOne({ _id: subject }, { $set: { isOpen: false } });
    },
    async listOpen() {
      const found = await DerivedModel.find({ isOpen: true }, { _id: 1 }).lean();
      return found.map(({ _id }) => _id);
    },
    async listDerived(kind, version) {
      const found = await DerivedModel.find({ kind, version }, { _id: 1 }).lean();
      return found.map(({ _id }) => _id);
    },
    async listQuarantines() {
      const found = await QuarantineModel.find({ released: null }).lean();
      return found.map(({ _id, released, ...quarantine }) => quarantine);
    },
    async quarantine(quarantine) {
      const _id = `${quarantine.document}#${quarantine.epoch}#${quarantine.badSeq}`;
      await QuarantineModel.updateOne({ _id }, { $set: { ...quarantine, released: null } }, { upsert: true });
    },
    async release(document, released) {
      await QuarantineModel.updateMany({ document, released: null }, { $set: { released } });
    },
    async listCuts(document) {
      const found = await QuarantineModel.find({ document }).lean();
      const cuts = found.flatMap(({ goodSeq, released }) =>
        released === null ? [] : [{ after: goodSeq, upTo: released.seq }],
      );
      return cuts.sort((one, other) => one.upTo - other.upTo);
    },
  };
}

/**
 * What is derived of some subjects, for lists and searches of their room.
 * @returns by subject; without those never derived
 */
export async function readDerived(
  subjects: readonly string[],
  session: ClientSession | null = null,
): Promise<Map<string, DerivedRecord>> {
  const found = await DerivedModel.find({ _id: trusted({ $in: [...subjects] }) })
    .session(session)
    .lean();
  const records = found.map(recordOf).filter((record) => record !== null);
  return new Map(records.map((record) => [record.subject, record]));
}

function recordOf({ _id, isOpen, ...fields }: DerivedDocument): DerivedRecord | null {
  const { at } = fields;
  return at === null || fields.revision === 0 ? null : { ...fields, subject: _id, at };
}
