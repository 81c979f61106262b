/** A sign-out that the hub has not heard: remembered in this browser until it has, or somebody signs in anew. */

/** What it needs from outside; the memory holds a mark and no secret. */
export interface OwedSignOutPorts {
  /** Shared by the tabs and outliving them; its methods may throw where the browser keeps nothing. */
  memory: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Ends the session at the hub; resolves only when the hub has said so. */
  send(): Promise<void>;
  /** One tab of the browser at a time: a late sign-out would end the session of whoever signed in meanwhile. */
  alone(work: () => Promise<void>): Promise<void>;
}

const key = 'tandem-sign-out-owed';

/** While it is owed the browser still has the cookie of the session, and must not use it. */
export class OwedSignOut {
  private readonly ports: OwedSignOutPorts;
  /** Stands in where the browser keeps nothing. */
  private marked = false;

  constructor(ports: OwedSignOutPorts) {
    this.ports = ports;
  }

  /** True from `owe` until the hub has heard, in every tab. */
  get isOwed(): boolean {
    try {
      return this.ports.memory().getItem(key) !== null;
    } catch {
      return this.marked;
    }
  }

  /** Said before the hub is told, so that nothing between can lose it. */
  owe(): void {
    this.marked = true;
    try {
      this.ports.memory().setItem(key, '1');
    } catch {
      // Remembered as long as the page lives.
    }
  }

  /** The hub has heard, or a new session has taken the place of the old one. */
  forgive(): void {
    this.marked = false;
    try {
      this.ports.memory().removeItem(key);
    } catch {
      // Nothing is kept there.
    }
  }

  /** Tells the hub what it is owed; at once when nothing is. @throws what `send` throws: it is owed still */
  settle(): Promise<void> {
    if (!this.isOwed) return Promise.resolve();
    return this.ports.alone(async () => {
      if (!this.isOwed) return;
      await this.ports.send();
      this.forgive();
    });
  }
}
