/** The breakable network, in front of a server that sends back what it gets. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BreakableNetwork, startNetwork } from '#tests/support/proxy.ts';
import { until } from '#tests/support/until.ts';

const echo = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.pipe(socket);
});
let network: BreakableNetwork;

/** A connection through the network that keeps what it receives. */
function dial(): { socket: Socket; got: () => string; closed: Promise<void> } {
  const socket = connect(network.port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => socket.destroy());
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  return { socket, got: () => Buffer.concat(chunks).toString(), closed };
}

beforeEach(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const address = echo.address();
  network = await startNetwork(typeof address === 'object' && address !== null ? address.port : 0);
});

afterEach(async () => {
  await network.close();
  await new Promise((resolve) => echo.close(resolve));
});

describe('the breakable network', () => {
  test('[HO19] passes bytes on, also with a delay and in order', async () => {
    const { socket, got } = dial();
    socket.write('one ');
    await until('the echo', () => got() === 'one ');
    network.delay(5);
    for (const word of ['two ', 'three ', 'four']) socket.write(word);
    await until('the slow echo', () => got() === 'one two three four');
    socket.destroy();
  });

  test('[HO19] cut drops what is open and refuses until healed', async () => {
    const first = dial();
    await until('the connection', () => network.connections === 1);
    network.cut();
    await first.closed;
    const second = dial();
    await second.closed;
    network.heal();
    const third = dial();
    third.socket.write('back');
    await until('the echo', () => third.got() === 'back');
    third.socket.destroy();
  });

  test('[HO19] stalled passes nothing and stays open; healing drops the dead link', async () => {
    const { socket, got, closed } = dial();
    socket.write('before');
    await until('the echo', () => got() === 'before');
    network.stall();
    socket.write('lost');
    expect(network.connections).toBe(1);
    network.heal();
    await closed;
    expect(got()).toBe('before');
  });

  test('[HO19] half closed still answers', async () => {
    const { socket, got } = dial();
    socket.write('last words');
    await until('the echo', () => got() === 'last words');
    network.closeHalf();
    await once(socket, 'end');
    expect(got()).toBe('last words');
  });
});
