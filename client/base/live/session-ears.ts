/** Who listens to what a session hears besides documents: events of rooms, and the connection coming back. */
import type { EventFrame } from '#shared/base/live.ts';

/** See the file's first line. */
export class SessionEars {
  private readonly eventListeners = new Map<string, Set<(frame: EventFrame) => void>>();
  private readonly reconnectListeners = new Set<() => void>();
  private wasOpen = false;

  /** Room events by name. @returns how to stop */
  onEvent(name: string, listener: (frame: EventFrame) => void): () => void {
    const listeners = this.eventListeners.get(name) ?? new Set();
    this.eventListeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** @returns how to stop */
  onReconnected(listener: () => void): () => void {
    this.reconnectListeners.add(listener);
    return () => this.reconnectListeners.delete(listener);
  }

  /** A room event came. */
  hear(frame: EventFrame): void {
    for (const listener of this.eventListeners.get(frame.name) ?? []) listener(frame);
  }

  /** The connection is open; the first time is no return. */
  opened(): void {
    if (this.wasOpen) for (const listener of [...this.reconnectListeners]) listener();
    this.wasOpen = true;
  }
}
