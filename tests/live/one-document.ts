/** One live session with one open document, against a hub that answers as told. */
import type * as Y from 'yjs';
import { LiveSession } from '#client/base/live/live-session.ts';
import { MemoryDeviceStore } from '#client/base/live/memory-device-store.ts';
import { ManualClock, settle } from '#tests/live/manual-clock.ts';
import { ScriptedHub } from '#tests/live/scripted-hub.ts';

/** The document that is open. */
export const documentName = 'plan/0123456789abcdefghjk/shared';

/** Connected and joined when it returns, if the hub lets it; a store may outlive a session, as a device does a tab. */
export async function openOneDocument(
  store = new MemoryDeviceStore(),
  hub = new ScriptedHub(),
  isOnline = () => true,
) {
  const clock = new ManualClock();
  let tokens = 0;
  const getToken = () => Promise.resolve(`token-${++tokens}`);
  const session = new LiveSession({ transport: hub, store, clock, getToken, isOnline });
  session.start();
  const document = session.open(documentName);
  await settle();
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  const type = (text: string) => document.doc.getText('t').insert(document.doc.getText('t').length, text);
  return { clock, session, document, hub, store, pass, type, state: () => session.saveState([documentName]) };
}

/** The text that `type` writes. */
export function textOf(doc: Y.Doc): string {
  return doc.getText('t').toString();
}
