/** People writing a plan by turns, each with documents of their own, as their browsers would; every update is kept. */
import * as Y from 'yjs';
import type { DemoBlock } from '#server/demo/content.ts';
import type { Side } from '#shared/base/audience.ts';
import {
  noteDocumentName,
  noteField,
  openPlan,
  type PlanDocs,
  planDocumentNames,
} from '#shared/plans/doc.ts';
import type { PlanDesk } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';

/** One update as its author's browser would have pushed it. */
export interface Written {
  document: string;
  update: Uint8Array;
  clientId: number;
  memberId: string;
  side: Side;
}

/** Someone who writes. */
export interface Author {
  memberId: string;
  side: Side;
}

const heard = Symbol('heard from another author');
const parts = ['shared', 'buyer', 'supplier'] as const;

/** The table they all sit at. */
export class AuthorsTable {
  /** In the order of writing. */
  readonly written: Written[] = [];
  readonly #planId: string;
  readonly #replicas = new Map<string, PlanDocs>();

  constructor(planId: string) {
    this.#planId = planId;
  }

  /** The author's own desk; all they write reaches the other authors at once. */
  deskOf(author: Author): PlanDesk {
    return { columns: openPlan(this.#docsOf(author)), standing: { side: author.side, mayWrite: true } };
  }

  /** The plan as an author reads it now. */
  viewOf(author: Author) {
    return readPlan(this.#docsOf(author));
  }

  /** Writes a note in one sitting. */
  writeNote(author: Author, taskId: string, blocks: readonly DemoBlock[]): void {
    const doc = new Y.Doc();
    this.#keep(doc, noteDocumentName(this.#planId, taskId), author);
    doc.transact(() => doc.getXmlFragment(noteField).push(blocks.map(elementOf)));
  }

  #docsOf(author: Author): PlanDocs {
    const known = this.#replicas.get(author.memberId);
    if (known !== undefined) return known;
    const docs = { shared: new Y.Doc(), buyer: new Y.Doc(), supplier: new Y.Doc() };
    const [first] = this.#replicas.values();
    for (const part of parts) {
      if (first !== undefined) Y.applyUpdate(docs[part], Y.encodeStateAsUpdate(first[part]), heard);
      this.#keep(docs[part], planDocumentNames(this.#planId)[part], author);
      docs[part].on('update', (update: Uint8Array, origin: unknown) => {
        if (origin !== heard) this.#tell(part, update, docs);
      });
    }
    this.#replicas.set(author.memberId, docs);
    return docs;
  }

  #keep(doc: Y.Doc, document: string, { memberId, side }: Author): void {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === heard) return;
      this.written.push({ document, update, clientId: doc.clientID, memberId, side });
    });
  }

  #tell(part: keyof PlanDocs, update: Uint8Array, writer: PlanDocs): void {
    for (const docs of this.#replicas.values()) {
      if (docs !== writer) Y.applyUpdate(docs[part], update, heard);
    }
  }
}

/** A block in the form the note's editor reads. */
function elementOf(block: DemoBlock): Y.XmlElement {
  if ('list' in block) {
    const list = new Y.XmlElement('bulletList');
    list.insert(
      0,
      block.list.map((text) => {
        const item = new Y.XmlElement('listItem');
        item.insert(0, [paragraph(text)]);
        return item;
      }),
    );
    return list;
  }
  return 'text' in block ? paragraph(block.text) : heading(block.heading);
}

function paragraph(text: string): Y.XmlElement {
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(text)]);
  return element;
}

function heading(text: string): Y.XmlElement {
  const element = new Y.XmlElement<{ level: number }>('heading');
  element.setAttribute('level', 3);
  element.insert(0, [new Y.XmlText(text)]);
  // The kinds of attributes are of no interest to the fragment.
  return element as unknown as Y.XmlElement;
}
