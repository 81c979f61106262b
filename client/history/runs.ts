/** Who wrote, or took out, which clocks of a document and when; looked up by the id of a thing in it. */
import type { Author } from '#shared/history/moment-bytes.ts';

/** Clocks of one Yjs client, `from` inclusive to `to` exclusive, and whose work they are. */
export interface Stretch {
  from: number;
  to: number;
  author: Author;
  atMs: number;
}

/** Stretches by Yjs client id, in the order they were added: by clock where they were written. */
export class Runs {
  private readonly byClient = new Map<number, Stretch[]>();
  /** What was found last: things that stand side by side are mostly of one stretch. */
  private last: { client: number; stretch: Stretch } | null = null;

  add(client: number, stretch: Stretch): void {
    const list = this.byClient.get(client);
    if (list === undefined) this.byClient.set(client, [stretch]);
    else list.push(stretch);
  }

  /** The clock that follows the last one known of a client; 0 for a client never seen. */
  end(client: number): number {
    return this.byClient.get(client)?.at(-1)?.to ?? 0;
  }

  /** Whose work a clock is; of several, the one told first. null where nothing is known. */
  find({ client, clock }: { client: number; clock: number }): Stretch | null {
    const holds = ({ from, to }: Stretch) => from <= clock && clock < to;
    if (this.last !== null && this.last.client === client && holds(this.last.stretch))
      return this.last.stretch;
    const stretch = this.byClient.get(client)?.find(holds) ?? null;
    this.last = stretch === null ? null : { client, stretch };
    return stretch;
  }

  /** Every client with its stretches up to a moment; clients without any are left out. */
  *until(atMs: number): Generator<[client: number, stretches: Stretch[]]> {
    for (const [client, list] of this.byClient) {
      const told = list.filter((stretch) => stretch.atMs <= atMs);
      if (told.length > 0) yield [client, told];
    }
  }

  /** One person's stretches from one moment to another, both included. */
  *of(memberId: string, fromMs: number, toMs: number): Generator<[client: number, stretch: Stretch]> {
    for (const [client, list] of this.byClient) {
      for (const stretch of list) {
        const { author, atMs } = stretch;
        if (author.memberId === memberId && fromMs <= atMs && atMs <= toMs) yield [client, stretch];
      }
    }
  }
}
