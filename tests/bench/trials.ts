/** What is played: every scenario in its sizes, for a full run and for a quick one. */

/** Names of the scenarios, as `--scenario` takes them. */
export const scenarioIds = ['s1', 's3', 's5'] as const;
export type ScenarioId = (typeof scenarioIds)[number];

/** Whether a text names one of them. */
export function isScenarioId(text: string): text is ScenarioId {
  return scenarioIds.some((each) => each === text);
}

/** One scenario in one size; its id names a row of results. */
export interface Trial {
  id: string;
  scenario: ScenarioId;
  order: Record<string, unknown>;
}

/** Trials in the order they are played. */
export function trialsFor(isQuick: boolean): Trial[] {
  const seconds = isQuick ? 5 : 10;
  const typing = (people: number, carets: boolean): Trial => ({
    id: `s1-${people}${carets ? '-carets' : ''}`,
    scenario: 's1',
    order: { people, carets, seconds },
  });
  const manyDocuments: Trial = {
    id: 's3',
    scenario: 's3',
    order: { documents: 1_000, seconds: isQuick ? 8 : 20, afterMs: isQuick ? 0 : 60_000 },
  };
  const reconnecting: Trial = { id: 's5', scenario: 's5', order: { people: 500, rounds: 3 } };
  if (isQuick) return [typing(100, false), manyDocuments, reconnecting];
  return [
    typing(10, false),
    typing(50, false),
    typing(100, false),
    typing(50, true),
    manyDocuments,
    reconnecting,
  ];
}
