import { expect, test } from 'vitest';
import { keptWords } from '#client/people/me/kept-words.ts';

test('[LV96] of what a device keeps of a plan a person reads titles, days and progress, and no mark of the plan', () => {
  const pieces = [
    { place: 'place', text: '/i0002s' },
    { place: 'title', text: 'Casting trial' },
    { place: 'kind', text: 'task' },
    { place: 'dates', text: '2026-11-02/2026-11-10' },
    { place: 'dates', text: '/2026-12-01' },
    { place: 'progress', text: '40' },
  ];
  const read = 'Casting trial\n2026-11-02 – 2026-11-10\n2026-12-01\n40%';
  expect(keptWords('plan/abc/shared', pieces)).toBe(read);
  expect(keptWords('plan/abc/shared', [{ place: 'kind', text: 'task' }])).toBe('');
  expect(keptWords('plan-note/abc/b1', [{ place: 'note', text: 'The seal leaks.' }])).toBe('The seal leaks.');
});
