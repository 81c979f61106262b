/** A small document for admission tests, and what it says to an update. */
import { expect } from 'vitest';
import { type Admission, admit } from '#server/base/live/admission/admission.ts';
import { DocumentIndex } from '#server/base/live/admission/document-index.ts';
import { AppError, type ErrorCode } from '#shared/base/errors.ts';
import { type ClientBytes, textItem, updateOf } from '#tests/support/update-bytes.ts';

/** Client ids of the two. */
export const [ada, bo] = [11, 22];

/** A document in which Ada has written "hello" under 11, and Bo owns 22 and 23. */
export function hello(): DocumentIndex {
  const owners = new Map([
    [ada, 'ada'],
    [bo, 'bo'],
    [23, 'bo'],
  ]);
  const index = new DocumentIndex({ clocks: new Map(), owners, bytes: 0 }, () => []);
  take(index, updateOf([{ client: ada, structs: [textItem('hello')] }]), 'ada');
  return index;
}

/** Admits an update and takes it in. */
export function take(index: DocumentIndex, update: Uint8Array, member: string): Admission {
  const admission = admit(index, update, member);
  if (admission.kind === 'new') index.apply(admission.change);
  return admission;
}

/** The code an update is refused with; null when it is admitted. */
export function refusal(index: DocumentIndex, update: Uint8Array, member = 'bo'): ErrorCode | null {
  const before = new Map(index.clocks);
  try {
    admit(index, update, member);
    return null;
  } catch (error) {
    expect(index.clocks).toEqual(before);
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** An update of these structs, by Bo from clock 0 on. */
export function byBo(...structs: ClientBytes['structs']): Uint8Array {
  return updateOf([{ client: bo, structs }]);
}
