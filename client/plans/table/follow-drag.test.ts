/** How a drag ends. */
import { describe, expect, test } from 'vitest';
import { followDrag } from '#client/plans/table/follow-drag.ts';

/** A drag as the table follows it: it hears no more once it has ended. */
function setUp() {
  const target = new EventTarget();
  const told: (string | number)[] = [];
  const end = (how: string) => {
    told.push(how);
    stop();
  };
  const stop = followDrag(target, {
    move: (y) => told.push(y),
    drop: () => end('dropped'),
    callOff: () => end('called off'),
  });
  const send = (name: string, more: object = {}) =>
    target.dispatchEvent(Object.assign(new Event(name), more));
  return { told, send };
}

describe('dragging a row', () => {
  test('[PL20] falls where the pointer is let go', () => {
    const { told, send } = setUp();
    send('pointermove', { clientY: 40 });
    send('pointermove', { clientY: 70 });
    send('keydown', { key: 'a' });
    send('pointerup');
    send('pointerup');
    expect(told).toEqual([40, 70, 'dropped']);
  });

  test.each([
    ['pointercancel', {}],
    ['keydown', { key: 'Escape' }],
  ])('[PL20] ended by %s moves nothing, and the next press elsewhere does not either', (name, more) => {
    const { told, send } = setUp();
    send('pointermove', { clientY: 40 });
    send(name, more);
    send('pointermove', { clientY: 90 });
    send('pointerup');
    expect(told).toEqual([40, 'called off']);
  });
});
