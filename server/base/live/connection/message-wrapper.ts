/** The one wrapper around every message: paced, parsed, served, answered; nothing throws out of it. Rule LV3. */
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Desk } from '#server/base/live/connection/desk.ts';
import type { Connection, LivePaces } from '#server/base/live/connection/person.ts';
import { AppError, type ErrorCode, fail } from '#shared/base/errors.ts';
import { createId } from '#shared/base/ids.ts';
import {
  cellHistoryShape,
  joinShape,
  leaveShape,
  liveVersion,
  presenceShape,
  pushShape,
  type Refusal,
} from '#shared/base/live.ts';

/** The outside world of the wrapper. */
export interface WrapperWorld {
  desk: Desk;
  paces: LivePaces;
  log: Logger;
  now: () => Date;
  /** While true, everything new is refused with `server.stopping`. */
  isStopping?: () => boolean;
}

/** A message as the wrapper serves it: parsed, answered, or refused. */
type Serve = (connection: Connection, message: unknown) => unknown;

/** See the file's first line. Knows nothing of what carries the messages. */
export class MessageWrapper {
  #world: WrapperWorld;
  #serves: ReadonlyMap<string, Serve>;

  constructor(world: WrapperWorld) {
    this.#world = world;
    this.#serves = makeServes(world.desk);
  }

  /**
   * @param event - name and message as they came, whatever they are
   * @param id - of the message, when it is to be answered
   */
  async receive(connection: Connection, event: readonly unknown[], id: number | undefined): Promise<void> {
    const [name, message] = event;
    let answer: unknown;
    try {
      if (this.#world.isStopping?.() === true) fail('server.stopping');
      this.#checkPace(connection);
      const serve = typeof name === 'string' ? this.#serves.get(name) : undefined;
      if (serve === undefined || event.length !== 2) fail('input.invalid');
      answer = await serve(connection, message);
      connection.refusals = 0;
    } catch (error) {
      answer = { ok: false, code: this.codeOf(error, String(name)) } satisfies Refusal;
      connection.refusals += 1;
    }
    if (connection.isClosed) return;
    if (id !== undefined) connection.wire.answer(id, answer);
    if (connection.refusals > this.#world.paces.refusalsBeforeCut) connection.wire.cut();
  }

  /** The code an error is told as; what is not of the catalogue is logged and told as `internal`. */
  codeOf(error: unknown, name: string): ErrorCode {
    if (error instanceof AppError) return error.code;
    this.#world.log.error({ err: error, logId: createId(), message: name }, 'live message failed');
    return 'internal';
  }

  #checkPace(connection: Connection): void {
    const nowMs = this.#world.now().getTime();
    const { person, unpaidBytes } = connection;
    connection.unpaidBytes = 0;
    const isPaced =
      connection.messages.take(1, nowMs) &&
      person.messages.take(1, nowMs) &&
      person.bytes.take(unpaidBytes, nowMs);
    if (!isPaced) fail('rate.limited');
  }
}

function makeServes(desk: Desk): ReadonlyMap<string, Serve> {
  return new Map<string, Serve>([
    ['join', (connection, message) => desk.join(connection, parse(joinShape, checkVersion(message)))],
    ['leave', (connection, message) => desk.leave(connection, parse(leaveShape, message))],
    ['push', (connection, message) => desk.push(connection, parse(pushShape, message))],
    ['cellHistory', (connection, message) => desk.cellHistory(connection, parse(cellHistoryShape, message))],
    ['presence', (connection, message) => desk.presence(connection, parse(presenceShape, message))],
  ]);
}

function parse<Shape extends z.ZodType>(shape: Shape, message: unknown): z.output<Shape> {
  const parsed = shape.safeParse(message);
  return parsed.success ? parsed.data : fail('input.invalid');
}

/** Before the shape, because another version may have another shape. */
function checkVersion(message: unknown): unknown {
  const isOther =
    typeof message === 'object' &&
    message !== null &&
    'version' in message &&
    typeof message.version === 'number' &&
    message.version !== liveVersion;
  return isOther ? fail('live.protocolUnknown') : message;
}
