/** Ten seconds here; `npm run prove -- database --seconds 60` for more. */
import { expect, test } from 'vitest';
import { type Absence, loseDatabase } from '#tests/live/faults/database-away.ts';

const absences: Absence[] = ['cut', 'stall'];

test.concurrent.each(absences)(
  '[LV121] the line to the database is %s while people type: nothing is acknowledged meanwhile, and all of it arrives',
  async (absence) => {
    const figures = await loseDatabase(absence, 10_000);
    expect(figures).toMatchObject({ acknowledgedMeanwhile: 0, exits: 0 });
    expect(figures.editsMeanwhile, 'people typed meanwhile').toBeGreaterThan(20);
    expect(figures.unreadyAfterMs).toBeLessThan(5_000);
    expect(figures.caughtUpAfterMs).toBeLessThan(10_000);
  },
);
