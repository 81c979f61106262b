/** What a running hub hands to every command: the outside world, so that tests can hand in another one. */

import type { ClientSession } from 'mongoose';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Environment } from '#server/base/env.ts';
import type { LiveArchive } from '#server/base/live/archive.ts';
import type { Derivation } from '#server/base/live/derived/derivation.ts';
import type { Mail } from '#server/base/mail.ts';
import type { Signals } from '#server/base/signals.ts';
import type { RoomEvent } from '#shared/base/event.ts';

/** Who receives an event: members by id; each gets it on every live socket of theirs. */
export interface EventAudience {
  memberIds: readonly string[];
}

/** Writes an event in the command's own transaction; it is delivered after the commit, at least once. */
export interface Outbox {
  put<Payload extends z.ZodType>(
    session: ClientSession,
    event: RoomEvent<Payload>,
    audience: EventAudience,
    payload: z.input<Payload>,
  ): Promise<void>;
}

/** The outside world of a command. */
export interface Hub {
  env: Environment;
  log: Logger;
  signals: Signals;
  outbox: Outbox;
  mail: Mail;
  /** The door to what live documents were; null until the live engine is up. */
  live: { archive: LiveArchive; derivation: Derivation | null } | null;
  /** The present moment; moved by hand in tests. */
  now(): Date;
}
