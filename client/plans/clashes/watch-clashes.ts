/** Finds where an edit of one's own and one of somebody else met in one value, of which only one can stand. */
import type * as Y from 'yjs';

/** Two values written for one key; the one that does not stand is nowhere else any more. */
export interface Clash {
  key: string;
  mine: unknown;
  theirs: unknown;
  /** Whose value stands now. */
  stands: 'mine' | 'theirs';
  /** Yjs client of the other one. */
  client: number;
}

/** What is told: each clash, and by whom each key was last written elsewhere. */
export interface ClashEars {
  clash(clash: Clash): void;
  written(key: string, client: number): void;
  /** True when somebody else stands in that value's editor, and so will not have seen what is written now. */
  isContested(key: string): boolean;
}

/** Values of one key looked through, as long as the history of an ordinary key is. */
const farthest = 500;

interface OwnWrite {
  id: Y.ID;
  value: unknown;
  contested: boolean;
}

/**
 * Watches one map for as long as it is open. Two edits met when neither writer had the other's value: told by the
 * places in the key's history, not by times, so that an edit made offline hours ago counts as well.
 * @returns a function that stops
 */
export function watchClashes(map: Y.Map<unknown>, ears: ClashEars): () => void {
  const own = new Map<string, OwnWrite>();
  const remember = (key: string) => {
    const item = map._map.get(key);
    if (item === undefined || item.deleted) own.delete(key);
    else own.set(key, { id: item.lastId, value: contentOf(item), contested: ears.isContested(key) });
  };
  const judge = (key: string, isNew: (item: Y.Item) => boolean) => {
    const history = historyOf(map, key);
    const theirs = history.find(isNew);
    if (theirs === undefined) return;
    ears.written(key, theirs.id.client);
    const mine = own.get(key);
    if (mine === undefined) return;
    const stands = history[0] !== undefined && holds(history[0], mine.id) ? 'mine' : 'theirs';
    if (stands === 'theirs') own.delete(key);
    const value = contentOf(theirs);
    const met = mine.contested || !followsOn(history, theirs, mine.id);
    if (value === undefined || value === mine.value || !met) return;
    ears.clash({ key, mine: mine.value, theirs: value, stands, client: theirs.id.client });
  };
  const observer = (event: Y.YMapEvent<unknown>, { local, beforeState }: Y.Transaction) => {
    const isNew = ({ id }: Y.Item) => id.clock >= (beforeState.get(id.client) ?? 0);
    for (const key of event.keysChanged) local ? remember(key) : judge(key, isNew);
  };
  map.observe(observer);
  return () => map.unobserve(observer);
}

/** All values a key had, the present one first. */
function historyOf(map: Y.Map<unknown>, key: string): Y.Item[] {
  const found: Y.Item[] = [];
  let item = map._map.get(key) ?? null;
  while (item !== null && found.length < farthest) {
    found.push(item);
    item = item.left;
  }
  return found;
}

/** Whether the writer of an item had the value of `id` before: it is among those their value came after. */
function followsOn(history: readonly Y.Item[], item: Y.Item, id: Y.ID): boolean {
  let { origin } = item;
  for (let steps = 0; origin !== null && steps < farthest; steps += 1) {
    const { client, clock } = origin;
    const before = history.find((one) => one.id.client === client && isWithin(one, clock));
    if (before === undefined) return false;
    if (client === id.client && id.clock <= clock && id.clock >= before.id.clock) return true;
    origin = before.origin;
  }
  return false;
}

function holds(item: Y.Item, id: Y.ID): boolean {
  return item.id.client === id.client && isWithin(item, id.clock);
}

function isWithin(item: Y.Item, clock: number): boolean {
  return clock >= item.id.clock && clock < item.id.clock + item.length;
}

/** undefined for a value whose content is no longer known. */
function contentOf(item: Y.Item): unknown {
  return item.content.getContent().at(-1);
}
