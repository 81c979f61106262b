/** A partner writes into a note what no editor would: the other company keeps its plan, with the note open or not. */
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  isRefusal,
  type Joined,
  livePath,
  liveVersion,
  type Pushed,
  type Refusal,
} from '#shared/base/live.ts';
import { liveParser } from '#shared/base/live-parser.ts';
import { signIn } from '#shared/people/calls.ts';
import { noteDocumentName, noteField, planDocumentNames } from '#shared/plans/doc.ts';
import { addRow, openNote, row, saved } from '#tests/e2e/plan-steps.ts';
import { piotr, type Stage, setStage } from '#tests/e2e/setting.ts';
import { words } from '#tests/e2e/words.ts';
import { callHub, emailOf, passwordOf } from '#tests/support/hub-client.ts';

const { base, plans } = words;
const title = 'Housing cast';

let stage: Stage;
let hostile: Writer;
let note = '';

/** A program of the partner that speaks the live protocol and writes what it likes. */
interface Writer {
  read(document: string): Promise<Y.Doc>;
  write(document: string, edit: (doc: Y.Doc) => void): Promise<void>;
  close(): void;
}

async function startWriter(): Promise<Writer> {
  const { hub } = stage;
  const email = emailOf(piotr.name);
  const { accessToken } = await callHub(hub, signIn, { email, password: passwordOf(email) }, null);
  const socket = io(hub.url, {
    path: livePath,
    parser: liveParser,
    transports: ['websocket'],
    auth: { token: accessToken },
    extraHeaders: { origin: hub.url },
  });
  const ask = async <Answer extends { ok: true }>(name: string, message: object): Promise<Answer> => {
    const answer: Answer | Refusal = await socket.timeout(10_000).emitWithAck(name, message);
    if (isRefusal(answer)) throw new Error(`${name}: ${answer.code}`);
    return answer;
  };
  const read = async (document: string): Promise<Y.Doc> => {
    const doc = new Y.Doc();
    const joined = await ask<Joined>('join', { version: liveVersion, document, clientId: doc.clientID });
    for (const update of joined.updates) Y.applyUpdate(doc, update);
    return doc;
  };
  return {
    read,
    async write(document, edit) {
      const doc = await read(document);
      const before = Y.encodeStateVector(doc);
      doc.transact(() => edit(doc));
      await ask<Pushed>('push', { document, update: Y.encodeStateAsUpdate(doc, before) });
      await ask('leave', { document }).catch(() => undefined);
    },
    close: () => socket.disconnect(),
  };
}

beforeAll(async () => {
  stage = await setStage();
  const { page } = stage.buyer;
  await addRow(page, title);
  await page.keyboard.press('Escape');
  await saved(page);
  hostile = await startWriter();
  const planId = stage.planAddress.split('/').at(-1) ?? '';
  const shared = await hostile.read(planDocumentNames(planId).shared);
  note = noteDocumentName(planId, [...shared.getMap('title').keys()][0] ?? '');
});

afterAll(async () => {
  hostile?.close();
  await stage?.close();
});

function paragraphOf(doc: Y.Doc, text: Y.XmlText): Y.XmlElement {
  const paragraph = new Y.XmlElement('paragraph');
  doc.getXmlFragment(noteField).push([paragraph]);
  paragraph.insert(0, [text]);
  return paragraph;
}

const edits: [string, (doc: Y.Doc) => void][] = [
  ['text directly in the root', (doc) => doc.getXmlFragment(noteField).push([new Y.XmlText('bare')])],
  [
    'a map in a paragraph',
    (doc) => paragraphOf(doc, new Y.XmlText('a')).push([new Y.Map() as unknown as Y.XmlText]),
  ],
  ['a root filled as an array', (doc) => doc.getArray(noteField).push([1, 2])],
];

describe('a note that no editor can show', () => {
  test.each(edits)(
    '[PL30] %s: said in its place, open or opened, and taken out by one button',
    async (_, edit) => {
      const { page } = stage.buyer;
      const problem = page.getByText(plans.note.unfit);
      const editor = await openNote(page, title);
      await editor.fill('Wall of 4 mm.');
      await saved(page);

      await hostile.write(note, edit);
      await problem.waitFor();
      expect(await row(page, title).count()).toBe(1);
      expect(await editor.count()).toBe(0);

      await page.reload();
      await row(page, title).click();
      await page.keyboard.press('Space');
      await problem.waitFor();
      expect(await row(page, title).count()).toBe(1);

      await page.getByRole('button', { name: plans.note.mend }).click();
      await editor.getByText('Wall of 4 mm.').waitFor();
      await saved(page);
      await editor.press('Control+End');
      await editor.pressSequentially(' Agreed.');
      await editor.getByText('Agreed.').waitFor();
      await saved(page);
      await page.getByRole('button', { name: plans.panel.close }).click();
      expect(await page.getByText(base.failed.title).count()).toBe(0);
      expect(stage.buyer.complaints()).toEqual([]);
    },
  );

  test('[PL31] links received, typed and pasted are of one form, and only of the web and mail', async () => {
    const { page } = stage.buyer;
    const editor = await openNote(page, title);
    await hostile.write(note, (doc) => {
      const chosen = { target: '_self', rel: 'opener', class: 'c', title: 't' };
      const text = new Y.XmlText();
      paragraphOf(doc, text);
      text.insert(0, 'good', { link: { href: 'https://acme.example/good', ...chosen } });
      text.insert(4, ' ', { link: null });
      text.insert(5, 'bad', { link: { href: '//evil.example/', ...chosen } });
    });
    await editor.getByText('bad').waitFor();
    await editor.press('Control+End');
    await page.keyboard.press('Enter');
    await editor.pressSequentially('https://acme.example/typed www.evil.example ftp://evil.example ');
    await page.evaluate(() => navigator.clipboard.writeText('https://acme.example/pasted'));
    await page.keyboard.press('Control+v');
    await editor.getByRole('link', { name: 'pasted' }).waitFor();
    const links = await editor
      .locator('a')
      .evaluateAll((found) =>
        found.map((each) => each.getAttributeNames().map((name) => `${name}=${each.getAttribute(name)}`)),
      );
    expect(links.sort()).toEqual(
      ['good', 'pasted', 'typed'].map((name) => [
        `href=https://acme.example/${name}`,
        'target=_blank',
        'rel=noopener noreferrer nofollow',
      ]),
    );
    expect(stage.buyer.complaints()).toEqual([]);
  });
});
