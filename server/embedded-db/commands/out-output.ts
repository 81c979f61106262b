// $out: the documents become the whole content of a collection, at once or not at all.
import { randomUUID } from 'node:crypto';
import type { Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { UNFINISHED_OUTPUT } from '../store/collection-name.ts';
import { readIndexSpec } from '../store/index-spec.ts';
import { waitForCollection } from './collections.ts';
import type { Context } from './context.ts';
import { forEachDurably, once, patiently, type Sink, targetOf } from './output-work.ts';
import { insertable } from './update-statement.ts';
import { refuseInvalid } from './validation.ts';

function refuseSystem(db: string, name: string): void {
  if (name.startsWith('system.') || ['admin', 'config', 'local'].includes(db)) {
    throw new DatabaseError(17385, `Can't $out to special collection: ${db}.${name}`);
  }
}

/** Fills a collection aside, with the options and indexes of the one it replaces, and swaps them at the end. */
export async function outSink(context: Context, value: Value): Promise<Sink> {
  const [db, name] = targetOf('$out', value, context.db);
  refuseSystem(db, name);
  const { catalog, nextVersion } = context.engine.storage;
  const aside = `${UNFINISHED_OUTPUT}${randomUUID()}`;
  await once(context, () => {
    const old = catalog.find(db, name);
    const made = catalog.create(db, aside, nextVersion(), old?.options);
    for (const { spec } of old?.indexes.filter((index) => index.name !== '_id_') ?? []) {
      catalog.finishIndex(made, catalog.addIndex(made, readIndexSpec(spec)), nextVersion());
    }
  });
  const found = () => {
    const made = catalog.find(db, aside);
    if (made) return made;
    throw new DatabaseError(26, `The unfinished result of $out was dropped: ${db}.${aside}`);
  };
  const dropAside = () => {
    const made = catalog.find(db, aside);
    if (made) catalog.drop(made);
  };
  return {
    write: (documents) =>
      forEachDurably(context, documents, function* (target, source) {
        const made = insertable(source);
        yield* patiently(() => {
          const collection = found();
          refuseInvalid(context, collection, null, made);
          target.insert(collection, made);
        });
      }),
    finish: async () => {
      await once(context, () => {
        const made = found();
        const old = catalog.find(db, name);
        if (old) {
          waitForCollection(context, old);
          catalog.drop(old);
        }
        catalog.rename(made, name, nextVersion());
      });
      void context.engine.leftovers.remove();
    },
    abandon: async () => {
      await once(context, dropAside);
      void context.engine.leftovers.remove();
    },
  };
}
