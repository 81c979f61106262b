/** What is played: every scenario in its sizes, for a full run and for a quick one. */
import type { PeerId } from '#tests/bench/peers.ts';

/** Names of the scenarios, as `--scenario` takes them. */
export const scenarioIds = ['s1', 's2', 's2b', 's3', 's4', 's5', 's6'] as const;
export type ScenarioId = (typeof scenarioIds)[number];

/** Whether a text names one of them. */
export function isScenarioId(text: string): text is ScenarioId {
  return scenarioIds.some((each) => each === text);
}

/** One scenario in one size; its id names rows of the table. */
export interface Trial {
  id: string;
  scenario: ScenarioId;
  order: Record<string, unknown>;
  /** The one peer it says something about. */
  only?: PeerId;
}

/** Trials in the order they are played. @param folder - where S4 finds what was prepared for it */
export function trialsFor(isQuick: boolean, folder: string): Trial[] {
  return isQuick ? quickTrials(folder) : fullTrials(folder);
}

function quickTrials(folder: string): Trial[] {
  return [
    typing(100, { seconds: 5 }),
    { id: 's2', scenario: 's2', order: { people: 50, merged: true, stepSeconds: 1.5, factor: 1.6 } },
    { id: 's3', scenario: 's3', order: { documents: 1_000, seconds: 8, afterMs: 0 } },
    { id: 's4', scenario: 's4', order: { folder, opens: 2 } },
    { id: 's5', scenario: 's5', order: { people: 500, rounds: 3 } },
  ];
}

function fullTrials(folder: string): Trial[] {
  const seconds = 10;
  const saturation = { people: 50, stepSeconds: 3, factor: 1.35 };
  const steps = [50, 100, 150, 200, 300, 400, 500, 600, 700, 850, 1_000, 1_200];
  return [
    typing(10, { seconds }),
    typing(50, { seconds }),
    typing(100, { seconds }),
    typing(50, { seconds, carets: true }),
    { ...typing(200, { seconds }), only: 'hub' },
    { id: 's2', scenario: 's2', order: { ...saturation, merged: true } },
    { id: 's2-alone', scenario: 's2', order: { ...saturation, merged: false }, only: 'hub' },
    { id: 's2b', scenario: 's2b', order: { steps, seconds: 4 } },
    { id: 's3', scenario: 's3', order: { documents: 1_000, seconds: 20, afterMs: 60_000 } },
    { id: 's4', scenario: 's4', order: { folder, opens: 3 } },
    { id: 's5', scenario: 's5', order: { people: 500, rounds: 3 } },
    { id: 's6', scenario: 's6', order: { starts: 3 } },
  ];
}

function typing(people: number, { seconds, carets = false }: { seconds: number; carets?: boolean }): Trial {
  const id = `s1-${people}${carets ? '-carets' : ''}`;
  return { id, scenario: 's1', order: { people, carets, seconds } };
}
