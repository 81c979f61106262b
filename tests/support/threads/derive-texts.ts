/** What tests derive: the texts of a subject's documents; a text may order the thread to break. */
import type { Derive } from '#server/base/live/kind.ts';

/** The text `t` of each document, by name. */
export const derive: Derive = (documents) => {
  const texts: Record<string, string> = {};
  for (const [name, doc] of documents) {
    const text = doc.getText('t').toString();
    obey(text);
    texts[name] = text;
  }
  return texts;
};

const slowMs = 1_200;

function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function obey(text: string): void {
  if (text.includes('THROW')) throw new Error('as told');
  const end = workedMs() + slowMs;
  while (text.includes('SLOW') && workedMs() < end) text.charAt(0);
  while (text.includes('LOOP')) text.charAt(0);
  const hog: string[][] = [];
  while (text.includes('HOG')) hog.push(Array.from({ length: 10_000 }, (_, at) => `${at} ${hog.length}`));
}
