/** Says when something that was changed is due: a moment after the last change, and not put off for ever. */

/** How long to wait. */
export interface DuePauses {
  /** Due once nothing has changed for so long, and at most twice as long after the last change. */
  quietMs: number;
  /** Due after so many of these pauses, however much goes on changing. */
  rounds: number;
}

/** The outside world of the line. */
export interface DueWorld {
  schedule: (delayMs: number, work: () => void) => () => void;
  due: (name: string) => void;
}

interface Waiting {
  /** Whether something changed in the pause that runs. */
  isChanged: boolean;
  rounds: number;
  cancel: () => void;
}

/** Names that wait for their moment; pauses are counted, because a clock may be set back. */
export class DueLine {
  #pauses: DuePauses;
  #world: DueWorld;
  #waiting = new Map<string, Waiting>();

  constructor(pauses: DuePauses, world: DueWorld) {
    this.#pauses = pauses;
    this.#world = world;
  }

  /** One more change; costs next to nothing while the name waits already. */
  changed(name: string): void {
    const known = this.#waiting.get(name);
    if (known !== undefined) {
      known.isChanged = true;
      return;
    }
    const waiting: Waiting = { isChanged: false, rounds: 0, cancel: () => {} };
    this.#waiting.set(name, waiting);
    this.#pause(name, waiting);
  }

  /** Whether a name waits. */
  has(name: string): boolean {
    return this.#waiting.has(name);
  }

  /** Forgets everything. */
  clear(): void {
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #pause(name: string, waiting: Waiting): void {
    waiting.isChanged = false;
    waiting.rounds += 1;
    waiting.cancel = this.#world.schedule(this.#pauses.quietMs, () => {
      if (waiting.isChanged && waiting.rounds < this.#pauses.rounds) {
        this.#pause(name, waiting);
      } else {
        this.#waiting.delete(name);
        this.#world.due(name);
      }
    });
  }
}
