// Who a connection is: nobody needs to be anyone on a private socket, elsewhere SCRAM has to succeed first.
import { Binary, type Doc, int, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import type { Reply } from '../engine/retry-log.ts';
import type { Credentials } from './credentials.ts';
import { ScramExchange, ScramFailure } from './scram.ts';

/** The only mechanism. */
export const MECHANISM = 'SCRAM-SHA-256';
/** The database users belong to. */
export const USERS_DB = 'admin';

interface Conversation {
  readonly id: number;
  readonly exchange: ScramExchange;
  /** The client does without the last, empty round. */
  readonly isShort: boolean;
  /** Set once the proof was right and only the empty round is left. */
  user: string | null;
}

function failed(): DatabaseError {
  return new DatabaseError(18, 'Authentication failed.');
}

function textOf(payload: Value | undefined): string {
  if (payload instanceof Binary) return payload.bytes.toString('utf8');
  if (typeof payload === 'string') return Buffer.from(payload, 'base64').toString('utf8');
  throw new DatabaseError(
    14,
    "BSON field 'saslStart.payload' is the wrong type, expected types '[binData, string]'",
  );
}

/** Every reason for a refusal looks the same from outside. */
function attempt<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof ScramFailure || error instanceof RangeError) throw failed();
    throw error;
  }
}

function answer(conversationId: number, isDone: boolean, text: string): Reply {
  return new Map<string, Value>([
    ['conversationId', int(conversationId)],
    ['done', isDone],
    ['payload', new Binary(0, Buffer.from(text))],
  ]);
}

/** The login of one connection. It keeps one exchange at a time, so failed ones cost no memory. */
export class Login {
  readonly #credentials: Credentials | null;
  readonly #isNeeded: boolean;
  #conversation: Conversation | null = null;
  #conversations = 0;
  #user: string | null = null;

  /** @param credentials - null when there is no user
   *  @param isNeeded - false where whoever can connect may do everything */
  constructor(credentials: Credentials | null, isNeeded: boolean) {
    this.#credentials = credentials;
    this.#isNeeded = isNeeded;
  }

  /** Name of who has logged in; null for nobody. */
  get user(): string | null {
    return this.#user;
  }

  /** False as long as only the commands of the handshake are allowed. */
  get mayWork(): boolean {
    return !this.#isNeeded || this.#user !== null;
  }

  /** Begins an exchange; `source` is the command or the `speculativeAuthenticate` of a hello.
   *  @throws 18 AuthenticationFailed, 334 MechanismUnavailable */
  start(source: Doc, db: string): Reply {
    this.#conversation = null;
    const mechanism = source.get('mechanism');
    if (mechanism !== MECHANISM) {
      throw new DatabaseError(
        334,
        `Received authentication for mechanism ${String(mechanism)} which is not enabled`,
      );
    }
    const text = textOf(source.get('payload'));
    const credentials = this.#credentials;
    if (!credentials || db !== USERS_DB) throw failed();
    const options = source.get('options');
    const exchange = attempt(() => new ScramExchange(credentials, text));
    this.#conversation = {
      id: ++this.#conversations,
      exchange,
      isShort: isDoc(options) && options.get('skipEmptyExchange') === true,
      user: null,
    };
    return answer(this.#conversation.id, false, exchange.firstReply);
  }

  /** Goes on with the exchange.
   *  @throws 18 AuthenticationFailed, 17 ProtocolError when there is none */
  continue(source: Doc): Reply {
    const conversation = this.#conversation;
    this.#conversation = null;
    if (!conversation) throw new DatabaseError(17, 'No SASL session state found');
    const text = textOf(source.get('payload'));
    if (conversation.user !== null) {
      if (text !== '') throw failed();
      this.#user = conversation.user;
      return answer(conversation.id, true, '');
    }
    const { user, reply } = attempt(() => conversation.exchange.finish(text));
    if (conversation.isShort) this.#user = user;
    else this.#conversation = { ...conversation, user };
    return answer(conversation.id, conversation.isShort, reply);
  }

  /** Logs out. */
  end(): void {
    this.#conversation = null;
    this.#user = null;
  }
}
