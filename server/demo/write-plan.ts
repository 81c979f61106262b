/** Writes the demo's plan: the rows and notes, by their authors, into the log that real edits go into. */
import * as Y from 'yjs';
import type { ClockRange } from '#server/base/live/admission/document-index.ts';
import type { LiveStorage, LogEntry } from '#server/base/live/log/storage.ts';
import { type Author, AuthorsTable, type Written } from '#server/demo/authors.ts';
import { type DemoRow, demoNotes, demoRows } from '#server/demo/content.ts';
import { workingDay } from '#server/demo/days.ts';
import type { Side } from '#shared/base/audience.ts';
import { dayMs } from '#shared/base/units.ts';
import { addTask, markNote } from '#shared/plans/edit.ts';
import type { Spot } from '#shared/plans/spot.ts';

/** Where and for whom to write. */
export interface PlanToWrite {
  planId: string;
  /** Member ids by side, in the order of the demo's people. */
  people: Record<Side, readonly string[]>;
  now: Date;
}

/** The days over which the plan seems to have been written. */
const writtenOverDays = 30;

/** @returns when the last edit was made. Nobody may have opened the plan's documents before. */
export async function writeDemoPlan(storage: LiveStorage, plan: PlanToWrite): Promise<Date> {
  const { written } = compose(plan);
  const begun = plan.now.getTime() - writtenOverDays * dayMs;
  const gap = (writtenOverDays * dayMs) / (written.length + 1);
  const moments = written.map((_, index) => new Date(begun + Math.round((index + 1) * gap)));
  for (const [document, entries] of entriesByDocument(written, moments)) {
    await storage.open(document);
    await storage.bind(bindingsOf(written, document));
    await storage.append([{ document, entries }]);
  }
  return moments.at(-1) ?? plan.now;
}

function compose({ planId, people, now }: PlanToWrite): AuthorsTable {
  const table = new AuthorsTable(planId);
  const today = now.toISOString().slice(0, 10);
  const authorOf = ({ side, person }: Pick<DemoRow, 'side' | 'person'>): Author => ({
    side,
    memberId: people[side][person] ?? '',
  });
  let top: Spot = { parentId: null, afterId: null };
  let under: Spot = top;
  const ids = new Map<string, string>();
  for (const row of demoRows) {
    const author = authorOf(row);
    const { title, kind, days, progressPct } = row;
    const [first, last] = days ?? [];
    const dates =
      first === undefined || last === undefined
        ? {}
        : { dates: { start: workingDay(today, first), finish: workingDay(today, last) } };
    const spot = kind === 'phase' ? top : under;
    const task = { title, kind, progressPct, personId: author.memberId, ...dates };
    const id = addTask(table.deskOf(author), table.viewOf(author), spot, task);
    ids.set(title, id);
    if (kind === 'phase') top = { parentId: null, afterId: id };
    under = { parentId: top.afterId, afterId: kind === 'phase' ? null : id };
  }
  for (const note of demoNotes) {
    const id = ids.get(note.title) ?? '';
    table.writeNote(authorOf(note), id, note.blocks);
    markNote(table.deskOf(authorOf(note)), id, true);
  }
  return table;
}

function entriesByDocument(written: readonly Written[], moments: readonly Date[]): Map<string, LogEntry[]> {
  const byDocument = new Map<string, LogEntry[]>();
  for (const [index, { document, update, memberId, side }] of written.entries()) {
    const entries = byDocument.get(document) ?? [];
    const at = moments[index] ?? new Date(0);
    const seq = entries.length + 1;
    entries.push({ seq, first: seq, update, memberId, side, at, since: at, clocks: clocksOf(update) });
    byDocument.set(document, entries);
  }
  return byDocument;
}

function clocksOf(update: Uint8Array): ClockRange[] {
  const { from, to } = Y.parseUpdateMeta(update);
  return [...to].map(([client, end]) => ({ client, from: from.get(client) ?? 0, to: end }));
}

function bindingsOf(written: readonly Written[], document: string) {
  const owners = new Map<number, string>();
  for (const one of written) if (one.document === document) owners.set(one.clientId, one.memberId);
  return [...owners].map(([clientId, memberId]) => ({ document, clientId, memberId }));
}
