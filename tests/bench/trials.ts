/** What is played: every scenario in its sizes, for a full run and for a quick one. */

/** Names of the scenarios, as `--scenario` takes them. */
export const scenarioIds = ['s1'] as const;
export type ScenarioId = (typeof scenarioIds)[number];

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
  return isQuick
    ? [typing(100, false)]
    : [typing(10, false), typing(50, false), typing(100, false), typing(50, true)];
}
