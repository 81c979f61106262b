/** What people are told of edits that were not saved. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { RefusedEdit } from '#client/base/live/device-store.ts';
import { createPlanUndo } from '#client/plans/plan-undo.ts';
import { readUnsaved } from '#client/plans/unsaved/read-unsaved.ts';
import { noteField, type PlanDocs } from '#shared/plans/doc.ts';
import { addTask, moveTask, removeTasks, renameTask, setDates, setProgress } from '#shared/plans/edit.ts';
import { readPlan } from '#shared/plans/read.ts';
import { lastSpot, spotDown } from '#shared/plans/spot.ts';
import { copyOf, deskOf, planDocs } from '#tests/support/factories/plans.ts';

let nextId = 1;

/** What the client keeps when the hub refuses all that was done in `work`. */
function refuse(doc: Y.Doc, work: () => void): RefusedEdit {
  const updates: Uint8Array[] = [];
  const listen = (update: Uint8Array) => updates.push(update);
  doc.on('update', listen);
  work();
  doc.off('update', listen);
  const update = Y.mergeUpdates(updates);
  const seen = Y.encodeStateAsUpdate(doc);
  return { id: nextId++, document: 'any', code: 'live.readOnly', at: 0, epoch: 'one', update, seen };
}

/** Refused edits in each of the three documents, after the same work. */
function refuseAll(docs: PlanDocs, work: () => void) {
  let buyer: RefusedEdit | null = null;
  const shared = refuse(docs.shared, () => {
    buyer = refuse(docs.buyer, work);
  });
  return [
    { kind: 'shared' as const, refused: [shared] },
    { kind: 'buyer' as const, refused: buyer === null ? [] : [buyer] },
  ];
}

/** A plan of two rows on the hub, and what one buyer has of it on their screen. */
function setUp() {
  const hub = planDocs();
  const desk = deskOf(hub, 'buyer');
  const dates = { start: '2026-12-01', finish: '2026-12-05' };
  const tool = addTask(desk, readPlan(hub), lastSpot(readPlan(hub)), { title: 'Tool make', dates });
  const cast = addTask(desk, readPlan(hub), lastSpot(readPlan(hub)), { title: 'First cast' });
  const screen = copyOf(hub);
  return { hub, screen, desk: deskOf(screen, 'buyer'), tool, cast, now: () => readPlan(hub) };
}

describe('what was not saved', () => {
  test('[PL25] days and progress stand beside what the plan says, other people’s edits do not', () => {
    const { hub, screen, desk, tool, cast, now } = setUp();
    setProgress(deskOf(screen, 'buyer'), cast, 70);
    const refused = refuse(screen.buyer, () => {
      setDates(desk, tool, { start: '2026-12-03', finish: '2026-12-08' });
      setProgress(desk, tool, 10);
      setProgress(desk, tool, 40);
    });
    setProgress(deskOf(hub, 'buyer'), tool, 5);
    expect(readUnsaved([{ kind: 'buyer', refused: [refused] }], now())).toEqual({
      reasons: ['live.readOnly'],
      notes: [],
      rows: [
        {
          id: tool,
          title: 'Tool make',
          changes: [
            {
              what: 'dates',
              value: { start: '2026-12-03', finish: '2026-12-08' },
              now: { start: '2026-12-01', finish: '2026-12-05' },
            },
            { what: 'progress', value: 40, now: 5 },
          ],
        },
      ],
    });
  });

  test('[PL25] a new row stands under the title it was given, after the rows of the plan', () => {
    const { screen, desk, tool, now } = setUp();
    const parts = refuseAll(screen, () => {
      const view = readPlan(screen);
      addTask(desk, view, lastSpot(view), { title: 'Leak test', progressPct: 20 });
      renameTask(desk, tool, 'Tool made in Gdańsk');
    });
    const { rows } = readUnsaved(parts, now());
    expect(rows).toMatchObject([
      { title: 'Tool make', changes: [{ what: 'title', value: 'Tool made in Gdańsk', now: 'Tool make' }] },
      { title: 'Leak test', changes: [{ what: 'added' }, { what: 'progress', value: 20, now: null }] },
    ]);
  });

  test('[PL25] moving and removing are told; what the plan says by now is not', () => {
    const { hub, screen, desk, tool, cast, now } = setUp();
    const parts = refuseAll(screen, () => {
      const view = readPlan(screen);
      const spot = spotDown(view, tool) ?? expect.unreachable();
      moveTask(desk, view, tool, spot);
      removeTasks(desk, [cast]);
      renameTask(desk, cast, 'First casting');
    });
    renameTask(deskOf(hub, 'supplier'), cast, 'First casting');
    expect(readUnsaved(parts, now()).rows.map(({ id, changes }) => [id, changes])).toEqual([
      [tool, [{ what: 'moved' }]],
      [cast, [{ what: 'removed' }]],
    ]);
  });

  test('[PL25] an edit that was undone before it was refused holds nothing; an undone value is told as gone', () => {
    const { hub, screen, tool, cast, now } = setUp();
    const desk = deskOf(screen, 'buyer');
    const undo = createPlanUndo(screen, { origin: 'buyer', side: 'buyer' });
    setProgress(desk, cast, 30);
    Y.applyUpdate(hub.buyer, Y.encodeStateAsUpdate(screen.buyer));
    const undone = refuse(screen.buyer, () => undo.undo());
    const changes = readUnsaved([{ kind: 'buyer', refused: [undone] }], now()).rows;
    expect(changes).toMatchObject([{ id: cast, changes: [{ what: 'progress', value: 0, now: 30 }] }]);
    const backAndForth = refuse(screen.buyer, () => {
      setProgress(desk, tool, 90);
      setProgress(desk, tool, 0);
    });
    expect(readUnsaved([{ kind: 'buyer', refused: [backAndForth] }], now()).rows).toEqual([]);
  });

  test('[PL25] a note is told as plain text under its row’s title, the same text once', () => {
    const { tool, now } = setUp();
    const doc = new Y.Doc();
    const edit = refuse(doc, () => {
      const line = (name: string, text: string) => {
        const element = new Y.XmlElement(name);
        element.insert(0, [new Y.XmlText(text)]);
        return element;
      };
      const item = new Y.XmlElement('listItem');
      item.insert(0, [line('paragraph', 'steel first')]);
      const list = new Y.XmlElement('bulletList');
      list.insert(0, [item]);
      doc.getXmlFragment(noteField).insert(0, [line('heading', 'Agreed'), list]);
    });
    const parts = [{ kind: 'note' as const, taskId: tool, refused: [edit, { ...edit, id: 999 }] }];
    expect(readUnsaved(parts, now()).notes).toEqual([
      { taskId: tool, title: 'Tool make', text: 'Agreed\nsteel first' },
    ]);
  });
});
