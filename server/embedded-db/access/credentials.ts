// What the server keeps of a password: salted keys, from which the password cannot be read back.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { saslPrep } from './sasl-prep.ts';

/** Rounds of the key derivation, as a MongoDB server uses for SCRAM-SHA-256. */
const ITERATIONS = 15_000;
/** Bytes of salt a MongoDB server uses for SCRAM-SHA-256. */
const SALT_BYTES = 28;

/** One user as the server knows it (RFC 5802, 3). */
export interface Credentials {
  readonly user: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** HMAC-SHA-256. */
export function hmac(key: Uint8Array, text: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** SHA-256. */
export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Derives the keys of a user under a new salt; takes about 10 ms.
 *  @throws RangeError when the name or the password is empty or holds a forbidden character */
export function deriveCredentials(name: string, password: string): Credentials {
  const [user, secret] = [saslPrep(name), saslPrep(password)];
  if (user === '' || secret === '') throw new RangeError('a user needs a name and a password');
  const salt = randomBytes(SALT_BYTES);
  const salted = pbkdf2Sync(secret, salt, ITERATIONS, 32, 'sha256');
  return {
    user,
    salt,
    iterations: ITERATIONS,
    storedKey: sha256(hmac(salted, 'Client Key')),
    serverKey: hmac(salted, 'Server Key'),
  };
}

const decoySecret = randomBytes(32);

/** Keys nobody can know for a name nobody has: the exchange then looks the same and fails at its end. */
export function decoyCredentials(user: string): Credentials {
  const key = hmac(decoySecret, user);
  const salt = sha256(key).subarray(0, SALT_BYTES);
  return { user, salt, iterations: ITERATIONS, storedKey: randomBytes(32), serverKey: key };
}
