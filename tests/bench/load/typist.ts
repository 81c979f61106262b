/** Makes the Yjs updates of somebody who types, without a document: V1 bytes, one keystroke after the other. */
import * as encoding from 'lib0/encoding';

/** Root name under which everybody's paragraphs stand; the field that notes of plans use. */
export const rootName = 'note';

/** Numbers of Yjs' V1 format (source: yjs 13.6 `Item.write`, `contentRefs`, `typeRefs`). */
const hasOrigin = 0x80;
const contentString = 4;
const contentType = 7;
const xmlElement = 3;
const xmlText = 6;

/** Clocks the paragraph itself takes; the first character has this clock. */
export const paragraphClocks = 2;

/** One person under one Yjs client id, in a paragraph of their own. */
export class Typist {
  readonly clientId: number;
  /** The clock of what is typed next. */
  clock = 0;
  #letters: string;

  /** @param letters - typed over and over, one character each */
  constructor(clientId: number, letters = 'the quick brown fox jumps over the lazy dog ') {
    this.clientId = clientId;
    this.#letters = letters;
  }

  /** Makes the paragraph; the first thing to be sent, once. */
  open(): Uint8Array {
    const encoder = this.#begin(paragraphClocks);
    encoding.writeUint8(encoder, contentType);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, rootName);
    encoding.writeVarUint(encoder, xmlElement);
    encoding.writeVarString(encoder, 'paragraph');
    encoding.writeUint8(encoder, contentType);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, this.clientId);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, xmlText);
    return this.#end(encoder, paragraphClocks);
  }

  /** Types so many characters as one update: a struct for each, as Yjs merges keystrokes of one moment. */
  type(count = 1): Uint8Array {
    const encoder = this.#begin(count);
    for (let clock = this.clock; clock < this.clock + count; clock += 1) {
      const isFirst = clock === paragraphClocks;
      encoding.writeUint8(encoder, isFirst ? contentString : contentString | hasOrigin);
      // The first stands in the text, which is named by its id; each other one behind the one before.
      if (isFirst) encoding.writeVarUint(encoder, 0);
      encoding.writeVarUint(encoder, this.clientId);
      encoding.writeVarUint(encoder, clock - 1);
      encoding.writeVarString(encoder, this.#letterAt(clock));
    }
    return this.#end(encoder, count);
  }

  /** Everything typed so far. */
  text(): string {
    return Array.from({ length: this.clock - paragraphClocks }, (_, at) =>
      this.#letterAt(at + paragraphClocks),
    ).join('');
  }

  #letterAt(clock: number): string {
    return this.#letters.charAt((clock - paragraphClocks) % this.#letters.length);
  }

  #begin(structs: number): encoding.Encoder {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, structs);
    encoding.writeVarUint(encoder, this.clientId);
    encoding.writeVarUint(encoder, this.clock);
    return encoder;
  }

  #end(encoder: encoding.Encoder, clocks: number): Uint8Array {
    this.clock += clocks;
    encoding.writeVarUint(encoder, 0);
    return encoding.toUint8Array(encoder);
  }
}
