/** A note as plain text. */
import * as Y from 'yjs';
import { noteField } from '#shared/plans/doc.ts';

/** One line a paragraph; '' for an empty note. */
export function noteText(doc: Y.Doc): string {
  return linesOf(doc.getXmlFragment(noteField)).join('\n').trim();
}

function linesOf(node: Y.XmlFragment): string[] {
  const lines: string[] = [];
  let line: string | null = null;
  for (const child of node.toArray()) {
    if (child instanceof Y.XmlText) line = (line ?? '') + plainOf(child);
    else if (child instanceof Y.XmlElement && child.nodeName === 'hardBreak') line = `${line ?? ''}\n`;
    else if (child instanceof Y.XmlElement) lines.push(...linesOf(child));
  }
  if (line !== null) lines.push(line);
  return lines.length === 0 && node instanceof Y.XmlElement ? [''] : lines;
}

/** Without the marks of its format. */
function plainOf(text: Y.XmlText): string {
  const runs: { insert?: unknown }[] = text.toDelta();
  return runs.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
}
