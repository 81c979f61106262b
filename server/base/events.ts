/** Events: an outbox written in the command's transaction and emptied after the commit, at least once. */
import mongoose, { type ClientSession, Schema, trusted } from 'mongoose';
import type { Logger } from 'pino';
import type { Outbox } from '#server/base/hub.ts';
import { createId } from '#shared/base/ids.ts';

interface WaitingEvent {
  _id: string;
  /** Rises with every event of a process; events are delivered in this order. */
  place: number;
  name: string;
  memberIds: string[];
  payload: unknown;
}

const waitingEventSchema = new Schema<WaitingEvent>(
  {
    _id: { type: String, required: true },
    place: { type: Number, required: true },
    name: { type: String, required: true },
    memberIds: { type: [String], required: true },
    payload: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'outbox', strict: 'throw', versionKey: false, minimize: false },
);
waitingEventSchema.index({ place: 1 });

const WaitingEventModel = mongoose.model<WaitingEvent>('WaitingEvent', waitingEventSchema);

/** Hands one event to the sockets of these members; members without a socket miss it and read afresh later. */
export type Deliver = (memberIds: readonly string[], name: string, payload: unknown) => void | Promise<void>;

/** An outbox and the one who empties it. */
export interface EventPost {
  outbox: Outbox;
  /** Begins delivery, with what an earlier process left behind first. */
  start(deliver: Deliver): Promise<void>;
  /** Delivers what waits; returns when the outbox is empty or delivery failed. */
  drain(): Promise<void>;
}

/** Most events read at once. */
const batch = 100;

/** Makes the post of one hub. @param now - the hub's clock; only gives events of later processes a later place */
export function createEventPost(log: Logger, now: () => Date): EventPost {
  let deliver: Deliver | null = null;
  let lastPlace = 0;
  let draining: Promise<void> | null = null;
  let again = false;
  const watched = new WeakSet<ClientSession>();

  async function deliverAll(to: Deliver): Promise<void> {
    for (;;) {
      const waiting = await WaitingEventModel.find().sort({ place: 1 }).limit(batch).lean();
      if (waiting.length === 0) return;
      const delivered: string[] = [];
      try {
        for (const event of waiting) {
          await to(event.memberIds, event.name, event.payload);
          delivered.push(event._id);
        }
      } finally {
        await WaitingEventModel.deleteMany({ _id: trusted({ $in: delivered }) });
      }
    }
  }

  async function drain(): Promise<void> {
    if (deliver === null) return;
    again = true;
    draining ??= (async (to: Deliver) => {
      try {
        while (again) {
          again = false;
          await deliverAll(to);
        }
      } catch (error) {
        // What is left stays in the outbox; the next command or start delivers it.
        log.error({ err: error }, 'events wait for the next delivery');
      } finally {
        draining = null;
      }
    })(deliver);
    await draining;
  }

  return {
    outbox: {
      async put(session, event, audience, payload) {
        lastPlace = Math.max(lastPlace + 1, now().getTime() * 1_000);
        const record = {
          _id: createId(),
          place: lastPlace,
          name: event.name,
          memberIds: [...audience.memberIds],
          payload: event.payload.parse(payload),
        };
        await WaitingEventModel.create([record], { session });
        // A session ends after its commit or abort; only then is there something to see.
        if (!watched.has(session)) session.once('ended', () => void drain());
        watched.add(session);
      },
    },
    async start(to) {
      deliver = to;
      await drain();
    },
    drain,
  };
}
