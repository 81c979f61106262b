/** Tests of the passwords. */
import { parseOptions } from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import { hashPassword, isRightPassword, isWeakPassword } from '#server/people/password.ts';

const known = ['Anna Schmidt', 'anna.schmidt@acme.example', 'Acme Pumps GmbH'];

describe('passwords', () => {
  test('[PE5] hashes are argon2id with the recommended cost, salted, and verify', async () => {
    const stored = await hashPassword('a quiet harbour');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(parseOptions(stored)).toMatchObject({
      memoryCost: 19_456,
      timeCost: 2,
      saltLen: 16,
      outputLen: 32,
    });
    expect(await hashPassword('a quiet harbour')).not.toBe(stored);
    expect(await isRightPassword(stored, 'a quiet harbour')).toBe(true);
    expect(await isRightPassword(stored, 'a quiet harbor')).toBe(false);
  });

  test('[PE5] long passwords count to their last character', async () => {
    const long = 'x'.repeat(255);
    const stored = await hashPassword(`${long}a`);
    expect(await isRightPassword(stored, `${long}b`)).toBe(false);
    expect(await isRightPassword(stored, `${long}a`)).toBe(true);
  });

  test('[PE5] two spellings of the same text are one password', async () => {
    const stored = await hashPassword('Übergrößen im Café'.normalize('NFC'));
    expect(await isRightPassword(stored, 'Übergrößen im Café'.normalize('NFD'))).toBe(true);
  });

  test('[PE6] checking for nobody answers no', async () => {
    expect(await isRightPassword(null, 'no member at all')).toBe(false);
  });

  test.each([
    'password123',
    'Password1234',
    'qwertyuiop',
    'QWERTYUIOP!!',
    '1234567890',
    'iloveyou123!',
    'abcdefghijkl',
    '9876543210',
    'aaaaaaaaaaaa',
    'abababababab',
    'anna.schmidt',
    'Schmidt2026',
    'AcmePumps1!',
    'acme.example',
    'Tandem1234',
    'correct horse battery staple',
    'welcome2026',
    'PasswordTandem1',
  ])('[PE4] %s is refused as easy to guess', (password) => {
    expect(isWeakPassword(password, known)).toBe(true);
  });

  test.each([
    'a quiet harbour',
    'zehn kleine Enten',
    'vK7#pq92mLx!',
    '麦わら帽子と夏の海の思い出',
    'annas 3 umbrellas',
  ])('[PE4] %s is accepted', (password) => {
    expect(isWeakPassword(password, known)).toBe(false);
  });
});
