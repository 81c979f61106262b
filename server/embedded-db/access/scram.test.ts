// The exchange against the example of RFC 7677's kind, computed by a client of our own, and its refusals.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeDoc } from '../bson/decode.ts';
import { encodeDoc } from '../bson/encode.ts';
import { Binary, type Doc, doc, int } from '../bson/value.ts';
import { deriveCredentials } from './credentials.ts';
import { Login } from './login.ts';
import { saslPrep } from './sasl-prep.ts';
import { ScramExchange } from './scram.ts';

const known = deriveCredentials('ann', 'pencil');

/** The client's last message, with a proof made from the password. */
function lastMessage(first: string, reply: string, password: string): string {
  const [, nonce, salt, rounds] = /^r=(.*),s=(.*),i=(\d+)$/.exec(reply) ?? [];
  const salted = pbkdf2Sync(password, Buffer.from(salt ?? '', 'base64'), Number(rounds), 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest();
  const withoutProof = `c=biws,r=${nonce}`;
  const message = `${first.slice(3)},${reply},${withoutProof}`;
  const signature = createHmac('sha256', storedKey).update(message).digest();
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0)));
  return `${withoutProof},p=${proof.toString('base64')}`;
}

function start(name: string, more: Doc = new Map()): Doc {
  const payload = new Binary(0, Buffer.from(`n,,n=${name},r=abcdef`));
  return new Map([...doc({ saslStart: int(1), mechanism: 'SCRAM-SHA-256', payload }), ...more]);
}

function payloadOf(reply: ReadonlyMap<string, unknown>): string {
  const payload = decodeDoc(encodeDoc(reply as never)).get('payload');
  return payload instanceof Binary ? payload.bytes.toString() : '';
}

function goOn(login: Login, text: string) {
  return login.continue(doc({ payload: new Binary(0, Buffer.from(text)) }));
}

describe('the exchange', () => {
  test('[DB71] the right password gets in, and the server proves itself with its own key', () => {
    const exchange = new ScramExchange(known, 'n,,n=ann,r=abc');
    const last = lastMessage('n,,n=ann,r=abc', exchange.firstReply, 'pencil');
    const { user, reply } = exchange.finish(last);
    expect(user).toBe('ann');
    const message = `n=ann,r=abc,${exchange.firstReply},${last.slice(0, last.lastIndexOf(',p='))}`;
    const expected = createHmac('sha256', known.serverKey).update(message).digest('base64');
    expect(reply).toBe(`v=${expected}`);
  });

  test('[DB71] the empty last round is only left out when the client says so', () => {
    for (const isShort of [true, false]) {
      const login = new Login(known, true);
      const options = doc({ skipEmptyExchange: isShort });
      const first = login.start(start('ann', doc({ options })), 'admin');
      const second = goOn(login, lastMessage('n,,n=ann,r=abcdef', payloadOf(first), 'pencil'));
      expect(second.get('done')).toBe(isShort);
      expect(login.mayWork).toBe(isShort);
      if (!isShort) expect(goOn(login, '').get('done')).toBe(true);
      expect(login.user).toBe('ann');
      login.end();
      expect(login.mayWork).toBe(false);
    }
  });

  test('[DB71] wrong passwords, names, databases, nonces and proofs all end with the same 18', () => {
    const bad: ((login: Login) => unknown)[] = [
      (login) =>
        goOn(
          login,
          lastMessage('n,,n=ann,r=abcdef', payloadOf(login.start(start('ann'), 'admin')), 'Pencil'),
        ),
      (login) =>
        goOn(
          login,
          lastMessage('n,,n=bob,r=abcdef', payloadOf(login.start(start('bob'), 'admin')), 'pencil'),
        ),
      (login) => login.start(start('ann'), 'test'),
      (login) => login.start(start('a=nn'), 'admin'),
      (login) => login.start(start('a\u0007nn'), 'admin'),
      (login) => [login.start(start('ann'), 'admin'), goOn(login, 'c=biws,r=abcdef,p=AAAA')],
      (login) => [login.start(start('ann'), 'admin'), goOn(login, '')],
      (login) => {
        const first = payloadOf(login.start(start('ann'), 'admin'));
        return goOn(login, `${lastMessage('n,,n=ann,r=abcdef', first, 'pencil').slice(0, -4)}`);
      },
    ];
    for (const attempt of bad) {
      const login = new Login(known, true);
      expect(() => attempt(login), String(attempt)).toThrow(
        expect.objectContaining({ code: 18, message: 'Authentication failed.' }),
      );
      expect(login.mayWork).toBe(false);
      expect(() => goOn(login, ''), 'the exchange is over').toThrow(expect.objectContaining({ code: 17 }));
    }
  });

  test('[DB71] a name nobody has gets the same salt each time, as a real one would', () => {
    const saltOf = (name: string) =>
      /s=([^,]*)/.exec(new ScramExchange(known, `n,,n=${name},r=x`).firstReply)?.[1];
    expect(saltOf('bob')).toBe(saltOf('bob'));
    expect(saltOf('bob')).not.toBe(saltOf('eve'));
    expect(saltOf('ann')).toBe(Buffer.from(known.salt).toString('base64'));
    expect(saltOf('bob')).toHaveLength(saltOf('ann')?.length ?? 0);
  });

  test('[DB71] of a password only salted keys are kept', () => {
    expect(JSON.stringify(known)).not.toContain('pencil');
    expect(deriveCredentials('ann', 'pencil').storedKey).not.toEqual(known.storedKey);
    expect(() => deriveCredentials('ann', '')).toThrow(RangeError);
  });

  test('[DB71] passwords that look the same are the same; forbidden characters are refused', () => {
    expect(saslPrep('I\u00adX')).toBe('IX');
    expect(saslPrep('\u00aa')).toBe('a');
    expect(saslPrep('\u2168')).toBe('IX');
    expect(saslPrep('a\u00a0b')).toBe('a b');
    expect(saslPrep('user')).toBe('user');
    for (const bad of ['\u0007', '\ue000', '\u200e', '\ufffd'])
      expect(() => saslPrep(bad)).toThrow(RangeError);
  });
});
