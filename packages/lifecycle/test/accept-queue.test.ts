import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { untilQueueIsAccepted } from '../src/accept-queue.ts';

const longestMs = 60_000;
const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
const hasIpv6 = interfaces.some(({ address }) => address === '::1');

async function listen(where: readonly [port: number, host: string] | readonly [path: string]) {
  const server = createServer().listen(...(where as [string]));
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

it.each(['127.0.0.1', '0.0.0.0', ...(hasIpv6 ? ['::1', '::'] : [])])(
  'CASE-25: waits for every connection that came before, at %s',
  async (host) => {
    const server = await listen([0, host]);
    const { port } = server.address() as AddressInfo;
    let accepted = 0;
    server.on('connection', () => {
      accepted += 1;
    });
    const clients = Array.from({ length: 40 }, () =>
      connect({ port, host: host.includes(':') ? '::1' : '127.0.0.1' }),
    );
    onTestFinished(() => clients.forEach((client) => void client.destroy()));
    // From now on the kernel has them in its queue.
    await new Promise(process.nextTick);
    const isCertain = await untilQueueIsAccepted(server, longestMs);

    expect(isCertain).toBe(true);
    expect(accepted).toBe(clients.length + 1);
    expect(server.listenerCount('connection')).toBe(createServer().listenerCount('connection') + 1);
  },
);

it('CASE-25: does not know it of a Unix socket, of a server without a port, and of a full one', async () => {
  const local = await listen([join(tmpdir(), `queue-${process.pid}.sock`)]);
  const full = await listen([0, '127.0.0.1']);
  full.maxConnections = 1;
  const client = connect((full.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => void client.destroy());
  await once(full, 'connection');

  expect(await untilQueueIsAccepted(local, longestMs)).toBe(false);
  expect(await untilQueueIsAccepted(createServer(), longestMs)).toBe(false);
  expect(await untilQueueIsAccepted(full, longestMs)).toBe(false);
});
