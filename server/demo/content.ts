/** What the demo's plan holds: bringing a new casting into series, as buyers and suppliers of pumps do it. */
import type { Side } from '#shared/base/audience.ts';
import type { TaskKind } from '#shared/plans/task.ts';

/** One row: who owns it, which of the owner's people does it, and its working days counted from today. */
export interface DemoRow {
  title: string;
  kind: TaskKind;
  side: Side;
  person: number;
  /** First and last working day from today; null for phases, whose days come from their rows. */
  days: readonly [number, number] | null;
  progressPct: number;
}

const b = 'buyer';
const s = 'supplier';

function phase(side: Side, title: string): DemoRow {
  return { title, kind: 'phase', side, person: 0, days: null, progressPct: 0 };
}

function milestone(side: Side, person: number, title: string, day: number): DemoRow {
  return { title, kind: 'milestone', side, person, days: [day, day], progressPct: day < 0 ? 100 : 0 };
}

function task(side: Side, person: number, title: string, days: readonly [number, number, number?]): DemoRow {
  const [first, last, done = last < 0 ? 100 : 0] = days;
  return { title, kind: 'task', side, person, days: [first, last], progressPct: done };
}

/** Rows in order; those after a phase stand under it. Terms: AIAG PPAP, fourth edition. */
export const demoRows: readonly DemoRow[] = [
  phase(b, 'Award and kick-off'),
  milestone(b, 0, 'RFQ award', -48),
  task(b, 0, 'Supply agreement signed', [-47, -43]),
  task(s, 0, 'Team and contacts named on both sides', [-42, -40]),
  milestone(s, 0, 'Kick-off in Gdańsk', -39),
  phase(b, 'Design and drawing freeze'),
  task(s, 1, 'Manufacturability review of the housing', [-38, -31]),
  task(b, 1, 'Close open tolerances of bore and flange', [-34, -27]),
  task(b, 1, 'Special characteristics agreed', [-26, -20]),
  milestone(b, 1, 'Drawing freeze, revision C', -19),
  phase(s, 'Tooling'),
  task(s, 1, 'Tool design', [-18, -6]),
  task(b, 1, 'Tool design approval', [-5, -3]),
  task(s, 1, 'Casting simulation report', [-8, 2, 70]),
  task(s, 1, 'Tool make, cavity and core', [-2, 22, 10]),
  task(s, 2, 'Gauge and fixture design', [0, 10]),
  task(s, 2, 'Gauge and fixture make', [11, 24]),
  task(s, 1, 'T0 trial in the tool shop', [23, 25]),
  task(s, 1, 'T1 trial on the series machine', [30, 33]),
  milestone(s, 1, 'Tool ready', 34),
  phase(s, 'First samples'),
  task(s, 1, 'First samples, 20 pieces from T1', [34, 38]),
  task(s, 2, 'Material and hardness certificates', [36, 42]),
  task(s, 2, 'Measurement report, full layout', [39, 44]),
  task(b, 1, 'Fit check on the HX-220 pump', [43, 47]),
  task(b, 2, 'Pressure and leak test at 1.5 × rated', [46, 52]),
  milestone(b, 2, 'First sample decision', 54),
  phase(s, 'PPAP, level 3'),
  task(s, 2, 'Process flow diagram', [10, 14]),
  task(s, 2, 'Process FMEA', [12, 22]),
  task(s, 2, 'Control plan', [20, 27]),
  task(b, 0, 'Packaging specification agreed', [30, 38]),
  task(s, 2, 'Measurement system analysis', [44, 50]),
  task(s, 0, 'Packaging trial by sea container', [50, 60]),
  task(s, 2, 'Initial process capability of the bore', [52, 58]),
  milestone(s, 2, 'Part submission warrant signed', 62),
  milestone(b, 2, 'PPAP approval', 67),
  phase(b, 'Run-at-rate and ramp-up'),
  task(s, 1, 'Run-at-rate, 8 h at line speed', [69, 70]),
  task(s, 0, 'Safety stock of 400 pieces built', [71, 82]),
  task(b, 0, 'Call-offs and delivery schedule in place', [66, 74]),
  task(b, 2, 'Service parts list and drawings', [70, 80]),
  task(s, 0, 'Ramp-up, 50 pieces a week', [83, 87]),
  task(s, 0, 'Ramp-up, 100 pieces a week', [88, 92]),
  milestone(b, 0, 'Start of production', 93),
  task(b, 0, 'Review after three months, lessons for both', [155, 157]),
];

/** One paragraph or list of a note. */
export type DemoBlock = { heading: string } | { text: string } | { list: readonly string[] };

/** A note: on which row, by whom, and what it says. */
export interface DemoNote {
  title: string;
  side: Side;
  person: number;
  blocks: readonly DemoBlock[];
}

/** Notes of three rows, written by people of both sides. */
export const demoNotes: readonly DemoNote[] = [
  {
    title: 'Tool make, cavity and core',
    side: s,
    person: 1,
    blocks: [
      { text: 'Steel 1.2343 arrived on Monday, hardness checked. Roughing of the cavity has begun.' },
      { heading: 'What could move the date' },
      {
        list: [
          'Second electrode set for the volute: our eroding shop is full until the end of next week.',
          'Cooling channel near the flange is 2 mm from the limit. We send a section view before we drill.',
        ],
      },
    ],
  },
  {
    title: 'First sample decision',
    side: b,
    person: 2,
    blocks: [
      { heading: 'What we need to decide' },
      {
        list: [
          'Measurement report with all 46 characteristics, five pieces.',
          'Leak test at 24 bar for ten minutes, no drop.',
          'Certificates 3.1 for material and hardness.',
        ],
      },
      { text: 'If one item is late we decide on the rest, and agree a date for the open one in this note.' },
    ],
  },
  {
    title: 'Packaging specification agreed',
    side: b,
    person: 0,
    blocks: [
      {
        text: 'Piraeus unloads by hand: at most 15 kg a box, and the box must survive two weeks of sea air.',
      },
      { text: 'Please propose a returnable tray. We take the cost of the first 60 trays.' },
    ],
  },
];
