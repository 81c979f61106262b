import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { Door } from '#server/base/live/connection/door.ts';

function requestFrom(remoteAddress: string, forwarded?: string): IncomingMessage {
  return {
    socket: { remoteAddress },
    headers: { 'x-forwarded-for': forwarded },
  } as unknown as IncomingMessage;
}

test('[LV1] addresses are counted apart, an IPv6 one as its network, and a closed connection gives its place back', () => {
  const door = new Door({ origins: [], socketsPerAddress: 1, trustProxyHops: 0 });
  const exit = door.enter(requestFrom('2001:db8:0:100::1'));
  expect(door.mayEnter(requestFrom('2001:db8:0:1ff:5::9'))).toBe(false);
  expect(door.mayEnter(requestFrom('2001:db8:0:200::1'))).toBe(true);
  expect(door.mayEnter(requestFrom('10.0.0.1'))).toBe(true);
  const mapped = door.enter(requestFrom('::ffff:10.0.0.2'));
  expect(door.mayEnter(requestFrom('::ffff:10.0.0.3'))).toBe(true);
  expect(door.mayEnter(requestFrom('10.0.0.2'))).toBe(false);
  mapped();
  exit();
  expect(door.mayEnter(requestFrom('2001:db8:0:100::1'))).toBe(true);
});

test('[LV1] a forwarding header counts from as many proxies as are trusted, and no further', () => {
  const plain = new Door({ origins: [], socketsPerAddress: 1, trustProxyHops: 0 });
  plain.enter(requestFrom('10.0.0.1', '1.1.1.1'));
  expect(plain.mayEnter(requestFrom('10.0.0.1', '2.2.2.2'))).toBe(false);
  const behind = new Door({ origins: [], socketsPerAddress: 1, trustProxyHops: 1 });
  behind.enter(requestFrom('10.0.0.1', 'made up, 1.1.1.1'));
  expect(behind.mayEnter(requestFrom('10.0.0.1', 'another tale, 1.1.1.1'))).toBe(false);
  expect(behind.mayEnter(requestFrom('10.0.0.1', '1.1.1.1, 2.2.2.2'))).toBe(true);
});
