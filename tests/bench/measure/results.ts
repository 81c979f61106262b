/** All that was found: for each trial and peer the figures of every run that counts. */
import { type Spread, spreadOf } from '#tests/bench/measure/statistics.ts';

/** Figures of one trial as the load tells them; `wrong` says what was not as it has to be. */
export type Figures = Record<string, unknown>;

/** Figures by trial and peer. */
export class Results {
  #runs = new Map<string, Figures[]>();

  add(trial: string, peer: string, figures: Figures): void {
    const key = `${trial} ${peer}`;
    this.#runs.set(key, [...(this.#runs.get(key) ?? []), figures]);
  }

  runs(trial: string, peer: string): readonly Figures[] {
    return this.#runs.get(`${trial} ${peer}`) ?? [];
  }

  /** A figure over all runs; null when no run has it. @param path - `delays.p99`, for instance */
  spread(trial: string, peer: string, path: string): Spread | null {
    const values = this.runs(trial, peer).flatMap((figures) => {
      const value = valueAt(figures, path);
      return typeof value === 'number' && Number.isFinite(value) ? [value] : [];
    });
    return values.length === 0 ? null : spreadOf(values);
  }

  /** What went wrong in any run; [] when nothing did. */
  wrong(trial: string, peer: string): string[] {
    const found = this.runs(trial, peer).flatMap(({ wrong }) =>
      Array.isArray(wrong) ? wrong.map(String) : [],
    );
    return [...new Set(found)];
  }
}

function valueAt(figures: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null
          ? Object.getOwnPropertyDescriptor(value, name)?.value
          : null,
      figures,
    );
}
