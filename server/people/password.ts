/** Passwords: hashed with argon2id, checked in equal time for nobody, and refused when easy to guess. */
import { hash, type Options, verify } from '@node-rs/argon2';
import { isCommonPassword } from '#server/people/common-passwords.ts';

/** Source: OWASP Password Storage Cheat Sheet (19 MiB, 2 passes, 1 lane); argon2id is the package's default. */
const parameters: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A hash of the same cost that no password was made for: checking against it costs what a real check costs. */
const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$bm8gbWVtYmVyIGF0IGFsbA$Ro4gBLMgtP3uxfRQnfszm1LlY+dj2ihqsLUU+DwULjE';

/** The stored form of a password. Unicode spellings of the same text give the same hash (NFKC). */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), parameters);
}

/** Checks a password. @param stored - null when there is no such member: false after the same work */
export async function isRightPassword(stored: string | null, password: string): Promise<boolean> {
  const right = await verify(stored ?? nobodysHash, password.normalize('NFKC'));
  return right && stored !== null;
}

/** Fewest characters that must remain once what others know of a person is taken out of their password. */
const ownRest = 6;

/**
 * Whether a password is easy to guess: a common one, a few characters repeated, a run of neighbours, or little
 * more than words others know.
 * @param known - names and addresses of the person, their company and the product
 */
export function isWeakPassword(password: string, known: readonly string[]): boolean {
  const lower = password.normalize('NFKC').toLowerCase();
  if (isCommonPassword(lower) || new Set(lower).size < 5 || isRun(lower)) return true;
  return withoutWords(lower, known).length < ownRest;
}

/** True when each character follows or precedes the one before it, as in `abcdefghij` or `9876543210`. */
function isRun(text: string): boolean {
  const steps = Array.from(text.slice(1), (_, at) => text.charCodeAt(at + 1) - text.charCodeAt(at));
  return steps.every((step) => step === 1) || steps.every((step) => step === -1);
}

function withoutWords(password: string, known: readonly string[]): string {
  const words = [...known, 'tandem', 'password', 'passwort']
    .flatMap((text) =>
      text
        .normalize('NFKC')
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u),
    )
    .filter((word) => word.length >= 3)
    .sort((one, other) => other.length - one.length);
  return words.reduce((rest, word) => rest.replaceAll(word, ''), password);
}
