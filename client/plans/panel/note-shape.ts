/** Whether the rich text of a note is built as an editor builds it, and how to take out of it what is not. */
import * as Y from 'yjs';
import { noteField } from '#shared/plans/doc.ts';

/** The root of a note's text; null when the document already uses its name for something else. */
export function noteFragment(doc: Y.Doc): Y.XmlFragment | null {
  try {
    return doc.getXmlFragment(noteField);
  } catch {
    return null;
  }
}

/**
 * True when an editor can show it: elements in elements, text in elements, and attributes and marks without
 * anything nested. Whether it knows the elements by name is the editor's to see.
 */
export function isNoteFit(fragment: Y.XmlFragment): boolean {
  return faultsOf(fragment).next().done === true;
}

/** Takes out what no editor can show, as one edit; everything else stays. */
export function mendNote(fragment: Y.XmlFragment): void {
  const mend = () => {
    for (const takeOut of [...faultsOf(fragment)].reverse()) takeOut();
  };
  if (fragment.doc === null) mend();
  else fragment.doc.transact(mend);
}

/** What takes each misfit out, in the order they stand; to be run from the last to the first. */
function* faultsOf(parent: Y.XmlFragment): Generator<() => void> {
  // A hostile document can hold anything here, whatever the type says.
  const children: readonly unknown[] = parent.toArray();
  for (const [index, child] of children.entries()) {
    if (child instanceof Y.XmlElement) {
      for (const [name, value] of Object.entries(child.getAttributes())) {
        if (!isPlain(value)) yield () => child.removeAttribute(name);
      }
      yield* faultsOf(child);
    } else if (!(child instanceof Y.XmlText && parent instanceof Y.XmlElement && isTextFit(child))) {
      yield () => parent.delete(index, 1);
    }
  }
}

function isTextFit(text: Y.XmlText): boolean {
  return text
    .toDelta()
    .every(
      ({ insert, attributes = {} }: { insert: unknown; attributes?: object }) =>
        typeof insert === 'string' && isFlat(attributes, (mark) => isPlain(mark) || isFlat(mark, isPlain)),
    );
}

function isPlain(value: unknown): boolean {
  return value === null || ['undefined', 'string', 'number', 'boolean'].includes(typeof value);
}

/**
 * An object of its own keys only: a `__proto__` as it travels would give it others. Marks set in this tab have no
 * prototype at all, because the editor makes them so; those that travelled have the plain one.
 */
function isFlat(value: unknown, isFit: (each: unknown) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const above: unknown = Object.getPrototypeOf(value);
  return (above === Object.prototype || above === null) && Object.values(value).every(isFit);
}
