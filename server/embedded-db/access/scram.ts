// The server's side of one SCRAM-SHA-256 exchange (RFC 5802, RFC 7677), without channel binding.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Credentials, decoyCredentials, hmac, sha256 } from './credentials.ts';
import { saslPrep } from './sasl-prep.ts';

/** Names and nonces longer than this are nobody's. */
const MAX_FIELD = 1_024;
const NO_BINDING = Buffer.from('n,,').toString('base64');

/** The exchange cannot succeed any more; why is not told to the client. */
export class ScramFailure extends Error {}

function attributes(text: string, names: readonly string[]): string[] {
  const parts = text.split(',');
  return names.map((name, i) => {
    const part = parts[i];
    const isGood = part?.startsWith(`${name}=`) && part.length > 2 && part.length <= MAX_FIELD;
    if (!part || !isGood) throw new ScramFailure(`the attribute ${name} is missing`);
    return part.slice(2);
  });
}

function userName(escaped: string): string {
  if (/=(?!2C|3D)/.test(escaped)) throw new ScramFailure('the name is not escaped');
  return saslPrep(escaped.replaceAll('=2C', ',').replaceAll('=3D', '='));
}

/** One exchange: the client's first message makes it, `finish` judges the proof. */
export class ScramExchange {
  /** The server's answer to the first message: nonce, salt, rounds. */
  readonly firstReply: string;
  readonly #credentials: Credentials;
  readonly #isKnown: boolean;
  readonly #nonce: string;
  readonly #clientFirst: string;

  /** @throws ScramFailure for anything that is no first message */
  constructor(known: Credentials, clientFirst: string) {
    if (!clientFirst.startsWith('n,,')) throw new ScramFailure('channel binding is not supported');
    this.#clientFirst = clientFirst.slice(3);
    const [name, clientNonce] = attributes(this.#clientFirst, ['n', 'r']);
    const user = userName(name ?? '');
    this.#isKnown = user === known.user;
    this.#credentials = this.#isKnown ? known : decoyCredentials(user);
    this.#nonce = `${clientNonce}${randomBytes(24).toString('base64')}`;
    const { salt, iterations } = this.#credentials;
    this.firstReply = `r=${this.#nonce},s=${Buffer.from(salt).toString('base64')},i=${iterations}`;
  }

  /** Judges the client's proof.
   *  @returns the user and the server's own proof
   *  @throws ScramFailure for a wrong password or name */
  finish(clientFinal: string): { readonly user: string; readonly reply: string } {
    const [binding, nonce, proof] = attributes(clientFinal, ['c', 'r', 'p']);
    if (binding !== NO_BINDING || nonce !== this.#nonce) throw new ScramFailure('another exchange');
    const withoutProof = clientFinal.slice(0, clientFinal.lastIndexOf(',p='));
    const message = `${this.#clientFirst},${this.firstReply},${withoutProof}`;
    const { storedKey, serverKey, user } = this.#credentials;
    const signature = hmac(storedKey, message);
    const given = Buffer.from(proof ?? '', 'base64');
    const key = Buffer.from(signature.map((byte, i) => byte ^ (given[i] ?? 0)));
    const isRight = timingSafeEqual(sha256(key), storedKey) && given.length === signature.length;
    if (!isRight || !this.#isKnown) throw new ScramFailure('the proof does not fit');
    return { user, reply: `v=${hmac(serverKey, message).toString('base64')}` };
  }
}
