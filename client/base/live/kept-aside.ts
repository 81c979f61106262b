/** All that this device alone has: edits the hub did not accept, and edits it was not sent yet, document by document. */
import type { DeviceStore } from '#client/base/live/device-store.ts';
import { type KeptPiece, readKeptText } from '#client/base/live/kept-text.ts';
import type { ErrorCode } from '#shared/base/errors.ts';

/** What is kept of one document. */
export interface KeptAside {
  document: string;
  /** Why the hub did not accept it; null for what is still to be sent. */
  code: ErrorCode | null;
  /** When it was refused, in ms since 1970; null for what is still to be sent. */
  at: number | null;
  /** Refused edits, to be dropped by `dropRefused`; [] for what is still to be sent. */
  ids: number[];
  pieces: KeptPiece[];
}

/** Oldest first within a document. @throws when the device cannot be read */
export async function listKeptAside(store: DeviceStore): Promise<KeptAside[]> {
  const [refused, unsent] = await Promise.all([store.documentsWithRefused(), store.documentsWithUnsent()]);
  const lists = await Promise.all([
    ...refused.map((document) => listRefused(store, document)),
    ...unsent.map((document) => listUnsent(store, document)),
  ]);
  return lists.flat();
}

async function listRefused(store: DeviceStore, document: string): Promise<KeptAside[]> {
  const edits = await store.listRefused(document);
  return edits.map(({ id, code, at, seen, update }) => ({
    document,
    code,
    at,
    ids: [id],
    pieces: readKeptText([seen], [update]),
  }));
}

async function listUnsent(store: DeviceStore, document: string): Promise<KeptAside[]> {
  const { received, unsent } = await store.load(document);
  if (unsent.length === 0) return [];
  const updates = unsent.map(({ update }) => update);
  return [{ document, code: null, at: null, ids: [], pieces: readKeptText(received, updates) }];
}
