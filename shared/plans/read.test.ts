import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addTask, moveTask, setDates, setProgress } from '#shared/plans/edit.ts';
import { createPlanReader, readPlan } from '#shared/plans/read.ts';
import {
  isSpotOpen,
  lastSpot,
  type Spot,
  spotBelow,
  spotDeeper,
  spotDown,
  spotShallower,
  spotUp,
} from '#shared/plans/spot.ts';
import { planLimits, type TaskId } from '#shared/plans/task.ts';
import { copyOf, deskOf, planDocs } from '#tests/support/factories/plans.ts';

const idOf = (letter: string) => `b${letter.repeat(20)}`;

function tree() {
  const docs = planDocs();
  const desk = deskOf(docs, 'buyer');
  const put = (title: string, parentId: TaskId | null) => {
    const view = readPlan(docs);
    const under = view.rows.filter((row) => row.parentId === parentId).at(-1);
    return addTask(desk, view, { parentId, afterId: under?.task.id ?? null }, { title });
  };
  const one = put('1', null);
  const two = put('2', null);
  const ids = { one, oneA: put('1a', one), oneB: put('1b', one), two, twoA: put('2a', two) };
  return { docs, desk, ids };
}

const shape = (docs: ReturnType<typeof planDocs>) =>
  readPlan(docs).rows.map((row) => `${'-'.repeat(row.depth)}${row.task.title}`);

describe('reading a plan', () => {
  test('[PL8] garbage of every kind is read as nothing, and the task stays', () => {
    const docs = planDocs();
    const id = idOf('a');
    docs.buyer.getMap('made').set(id, true);
    const garbage: unknown[] = [
      {},
      [],
      null,
      7,
      true,
      'x'.repeat(100_000),
      '\u0000',
      Number.NaN,
      '/',
      `${id}/`,
    ];
    for (const value of garbage) {
      for (const name of ['title', 'place']) docs.shared.getMap(name).set(id, value);
      for (const name of ['kind', 'dates', 'progress', 'person', 'removed', 'received']) {
        docs.buyer.getMap(name).set(id, value);
      }
      const rows = readPlan(docs).rows;
      expect(rows.length + readPlan(docs).removed.length).toBe(1);
      expect((rows[0]?.task.title ?? '').length).toBeLessThanOrEqual(300);
    }
    docs.shared.getMap('title').set(id, new Y.Text('nested'));
    docs.buyer.getMap('dates').set(id, new Y.Map());
    expect(readPlan(docs).rows.length + readPlan(docs).removed.length).toBe(1);
  });

  test('[PL8] keys such as __proto__ are no tasks and change no object', () => {
    const docs = planDocs();
    for (const key of ['__proto__', 'constructor', 'toString', '', 'b', 'x'.repeat(5_000)]) {
      for (const doc of [docs.buyer, docs.supplier]) doc.getMap('made').set(key, true);
      docs.shared.getMap('title').set(key, { polluted: true });
    }
    expect(readPlan(docs).rows).toEqual([]);
    expect('polluted' in {}).toBe(false);
  });

  test('[PL9] rings of parents open at their smallest id, the same on every device', () => {
    const docs = planDocs();
    const [a, b, c, d] = [idOf('a'), idOf('b'), idOf('c'), idOf('d')];
    for (const id of [d, c, b, a]) docs.buyer.getMap('made').set(id, true);
    const place = docs.shared.getMap('place');
    place.set(b, `${c}/m1`);
    place.set(c, `${b}/m1`);
    place.set(d, `${c}/m1`);
    place.set(a, `${a}/m1`);
    const rows = readPlan(docs).rows.map((row) => [row.task.id, row.depth]);
    expect(rows).toEqual([
      [a, 0],
      [b, 0],
      [c, 1],
      [d, 2],
    ]);
    expect(readPlan(copyOf(docs)).rows.map((row) => [row.task.id, row.depth])).toEqual(rows);
  });

  test('[PL8] a chain of 4,000 parents is shown at most 8 levels deep', () => {
    const docs = planDocs();
    let above = '';
    docs.buyer.transact(() =>
      docs.shared.transact(() => {
        for (let at = 0; at < 4_000; at += 1) {
          const id = `b${String(at).padStart(20, '0')}`;
          docs.buyer.getMap('made').set(id, true);
          docs.shared.getMap('place').set(id, `${above}/m1`);
          above = id;
        }
      }),
    );
    const { rows } = readPlan(docs);
    expect(rows).toHaveLength(4_000);
    expect(Math.max(...rows.map((row) => row.depth))).toBe(planLimits.depth);
  });

  test('[PL8] past 5,000 tasks the rest is left out, and said so', () => {
    const docs = planDocs();
    docs.buyer.transact(() => {
      for (let at = 0; at < planLimits.tasks + 5; at += 1) {
        docs.buyer.getMap('made').set(`b${String(at).padStart(20, '0')}`, true);
      }
    });
    const view = readPlan(docs);
    expect(view.truncated).toBe(true);
    expect(view.rows).toHaveLength(planLimits.tasks);
  });

  test('[PL12] a row over others shows their span and their progress by days', () => {
    const { docs, desk, ids } = tree();
    setDates(desk, ids.oneA, { start: '2026-11-23', finish: '2026-11-25' });
    setDates(desk, ids.oneB, { start: '2026-11-26', finish: '2026-11-26' });
    setProgress(desk, ids.oneA, 100);
    setProgress(desk, ids.one, 3);
    const row = readPlan(docs).byId.get(ids.one);
    expect(row?.dates).toEqual({ start: '2026-11-23', finish: '2026-11-26' });
    expect(row?.progressPct).toBe(75);
    expect(row).toMatchObject({ childCount: 2, end: 3 });
  });

  test('[PL13] 2,000 tasks: after one edit the view is made again from the cache', () => {
    const docs = planDocs();
    const desk = deskOf(docs, 'buyer');
    const start = readPlan(docs);
    let last = '';
    desk.columns.transact(() => {
      for (let at = 0; at < 2_000; at += 1)
        last = addTask(desk, start, lastSpot(start), { title: `Task ${at}` });
    });
    const reader = createPlanReader(docs);
    reader.subscribe(() => undefined);
    const before = reader.view();
    setProgress(desk, last, 10);
    const after = reader.view();
    const changed = [...after.tasks].filter(([id, task]) => before.tasks.get(id) !== task);
    expect(changed.map(([id]) => id)).toEqual([last]);
  });
});

describe('spots between rows', () => {
  function moved(
    pick: (view: ReturnType<typeof readPlan>, id: TaskId) => Spot | null,
    name: keyof ReturnType<typeof tree>['ids'],
  ) {
    const { docs, desk, ids } = tree();
    const view = readPlan(docs);
    const spot = pick(view, ids[name]);
    if (spot === null) return null;
    expect(isSpotOpen(view, ids[name], spot)).toBe(true);
    moveTask(desk, view, ids[name], spot);
    return shape(docs);
  }

  test('[PL20] up and down go through the rows, and from the edge into the next parent', () => {
    expect(moved(spotUp, 'oneB')).toEqual(['1', '-1b', '-1a', '2', '-2a']);
    expect(moved(spotDown, 'oneA')).toEqual(['1', '-1b', '-1a', '2', '-2a']);
    expect(moved(spotUp, 'twoA')).toEqual(['1', '-1a', '-1b', '-2a', '2']);
    expect(moved(spotDown, 'oneB')).toEqual(['1', '-1a', '2', '-1b', '-2a']);
    expect(moved(spotDown, 'one')).toEqual(['2', '-2a', '1', '-1a', '-1b']);
    expect(moved(spotUp, 'one')).toBeNull();
    expect(moved(spotDown, 'two')).toBeNull();
  });

  test('[PL20] deeper goes under the row before, shallower behind the parent', () => {
    expect(moved(spotDeeper, 'oneB')).toEqual(['1', '-1a', '--1b', '2', '-2a']);
    expect(moved(spotShallower, 'oneA')).toEqual(['1', '-1b', '1a', '2', '-2a']);
    expect(moved(spotDeeper, 'one')).toBeNull();
    expect(moved(spotShallower, 'one')).toBeNull();
  });

  test('[PL20] no row is put under itself or under what stands below it', () => {
    const { docs, ids } = tree();
    const view = readPlan(docs);
    expect(isSpotOpen(view, ids.one, { parentId: ids.oneA, afterId: null })).toBe(false);
    expect(isSpotOpen(view, ids.one, { parentId: ids.one, afterId: null })).toBe(false);
    expect(isSpotOpen(view, ids.oneA, { parentId: ids.two, afterId: null })).toBe(true);
    expect(spotBelow(view, ids.one)).toEqual({ parentId: ids.one, afterId: null });
    expect(spotBelow(view, ids.oneA)).toEqual({ parentId: ids.one, afterId: ids.oneA });
  });
});
