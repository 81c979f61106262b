/** Brings rich text back to how it stood at a moment, touching no more of it than differs. */
import * as Y from 'yjs';

/**
 * Brings a rich text to how it stood at a moment, as an ordinary edit: whole blocks that differ are put in anew, all
 * others stay untouched, and with them the carets in them.
 * @param doc - the document as it is now, to be edited in one step
 * @param past - the document at the moment; null when it was empty
 * @returns how many blocks were taken out and put in; 0 when nothing differed
 */
export function restoreText(doc: Y.Doc, past: Y.Doc | null, field: string, origin?: unknown): number {
  const fragment = doc.getXmlFragment(field);
  const wanted = blocksOf(past?.getXmlFragment(field) ?? null);
  let changed = 0;
  doc.transact(() => {
    changed = rewrite(fragment, wanted);
  }, origin);
  return changed;
}

/** A block at the top of a rich text, and what it says with all its marks and attributes. */
interface Block {
  type: Y.XmlElement | Y.XmlText;
  text: string;
}

function blocksOf(fragment: Y.XmlFragment | null): Block[] {
  const blocks: Block[] = [];
  for (const type of fragment?.toArray() ?? []) {
    if (type instanceof Y.XmlElement || type instanceof Y.XmlText) blocks.push({ type, text: toldBy(type) });
  }
  return blocks;
}

/** Equal for blocks that look alike, whoever wrote them. */
function toldBy(type: Y.XmlElement | Y.XmlText): string {
  if (type instanceof Y.XmlText) return JSON.stringify(type.toDelta());
  const inner = type
    .toArray()
    .map((child) => (child instanceof Y.XmlElement || child instanceof Y.XmlText ? toldBy(child) : ''));
  return JSON.stringify([type.nodeName, Object.entries(type.getAttributes()).sort(), inner]);
}

/** Walks both lists from the first to the last pair that is kept; what stands between two pairs is replaced. */
function rewrite(fragment: Y.XmlFragment, wanted: readonly Block[]): number {
  const standing = blocksOf(fragment);
  let changed = 0;
  // From the end, so that places ahead stay what they are.
  let [now, then] = [standing.length, wanted.length];
  for (const [keptNow, keptThen] of [...keptPairs(standing, wanted).reverse(), [-1, -1] as const]) {
    const [out, put] = [now - keptNow - 1, wanted.slice(keptThen + 1, then)];
    if (out > 0) fragment.delete(keptNow + 1, out);
    if (put.length > 0)
      fragment.insert(
        keptNow + 1,
        put.map(({ type }) => type.clone()),
      );
    changed += out + put.length;
    [now, then] = [keptNow, keptThen];
  }
  return changed;
}

/** Blocks that say the same in both lists, in order: a longest common subsequence, after equal ends are taken off. */
function keptPairs(now: readonly Block[], then: readonly Block[]): [now: number, then: number][] {
  let head = 0;
  while (head < now.length && head < then.length && now[head]?.text === then[head]?.text) head += 1;
  let tail = 0;
  const shorter = Math.min(now.length, then.length) - head;
  while (tail < shorter && now.at(-1 - tail)?.text === then.at(-1 - tail)?.text) tail += 1;
  const pairs: [number, number][] = Array.from({ length: head }, (_, place) => [place, place]);
  const [middleNow, middleThen] = [now.slice(head, now.length - tail), then.slice(head, then.length - tail)];
  for (const [one, two] of commonPairs(middleNow, middleThen)) pairs.push([one + head, two + head]);
  for (let left = tail; left > 0; left -= 1) pairs.push([now.length - left, then.length - left]);
  return pairs;
}

/** Above this many comparisons the middle is replaced whole. */
const maxComparisons = 1_000_000;

function commonPairs(now: readonly Block[], then: readonly Block[]): [number, number][] {
  if (now.length * then.length > maxComparisons) return [];
  const width = then.length + 1;
  const best = new Uint32Array((now.length + 1) * width);
  const at = (one: number, two: number) => best[one * width + two] ?? 0;
  for (let one = now.length - 1; one >= 0; one -= 1) {
    for (let two = then.length - 1; two >= 0; two -= 1) {
      const isSame = now[one]?.text === then[two]?.text;
      best[one * width + two] = isSame
        ? at(one + 1, two + 1) + 1
        : Math.max(at(one + 1, two), at(one, two + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let [one, two] = [0, 0]; one < now.length && two < then.length; ) {
    if (now[one]?.text === then[two]?.text) pairs.push([one++, two++]);
    else if (at(one + 1, two) >= at(one, two + 1)) one += 1;
    else two += 1;
  }
  return pairs;
}
