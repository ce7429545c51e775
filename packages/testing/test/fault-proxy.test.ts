import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';
import { type ConnectionFault, startFaultProxy } from '@sallyport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { start } from './client.ts';
import { echo, isSilent, open, startEcho, tryToOpen } from './echo.ts';

async function measure(work: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work;
  return performance.now() - startedAt;
}

describe('without a fault', () => {
  it('carries everything both ways, and half-closed connections', async () => {
    const { proxy } = await startEcho();
    const socket = await open(proxy);
    const sent = Buffer.alloc(5_000_000, 'abcdefghij');

    socket.end(sent);

    expect((await buffer(socket)).equals(sent)).toBe(true);
  });

  it('counts connections', async () => {
    const { proxy } = await startEcho();
    const socket = await open(proxy);
    await echo(socket);
    await echo(socket);
    await echo(await open(proxy));

    expect(proxy.connections).toBe(2);
  });

  it('stands before an authorization server, whose issuer stays its own', async () => {
    const server = await start();
    const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: server.port } });
    onTestFinished(() => proxy.stop());

    const at = `http://127.0.0.1:${proxy.port}`;
    const answer = await fetch(`${at}/.well-known/openid-configuration`);

    expect(await answer.json()).toMatchObject({ issuer: server.issuer });
    expect((await fetch(`${at}/jwks`)).status).toBe(200);
  });

  it('is a reset when there is nothing behind it', async () => {
    const { proxy: gone } = await startEcho();
    await gone.stop();
    const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: gone.port } });
    onTestFinished(() => proxy.stop());

    expect(await tryToOpen(proxy)).toBe('ECONNRESET');
  });
});

describe.each(['new', 'open'])('on a connection that is %s', (age) => {
  async function arrange(fault: ConnectionFault) {
    const { proxy, received } = await startEcho();
    if (age === 'new') await proxy.fault(fault);
    const socket = await open(proxy);
    if (age === 'open') {
      expect(await echo(socket, 'before')).toBe('before');
      await proxy.fault(fault);
    }
    return { proxy, socket, received };
  }

  it('answers come later', async () => {
    const { socket } = await arrange({ kind: 'latency', milliseconds: 80 });

    expect(await measure(echo(socket))).toBeGreaterThan(75);
  });

  it('parts of an answer are late together, and not one after another', async () => {
    const { socket } = await arrange({ kind: 'latency', milliseconds: 400 });
    for (let part = 0; part < 20; part += 1) {
      socket.write('x');
      await new Promise(setImmediate);
    }
    socket.end();

    // One after another, they would take 8 seconds.
    expect(await measure(text(socket))).toBeLessThan(4_000);
  });

  it('what is late comes at once when the fault ends', async () => {
    const { proxy, socket } = await arrange({ kind: 'latency', milliseconds: 600_000 });
    const answer = echo(socket);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await proxy.clear();

    expect(await answer).toBe('hello');
  });

  it('answers trickle', async () => {
    const { socket } = await arrange({ kind: 'bandwidth', bytesPerSecond: 200 });
    const parts: string[] = [];
    socket.setEncoding('utf8').on('data', (part: string) => parts.push(part));
    socket.end('x'.repeat(40));

    expect(await measure(once(socket, 'end'))).toBeGreaterThan(190);
    expect(parts.join('')).toBe('x'.repeat(40));
    expect(parts.length).toBeGreaterThan(1);
  });

  it.each([0, 3])('answers are cut after %i bytes', async (afterBytes) => {
    const { socket } = await arrange({ kind: 'cut', afterBytes });
    socket.write('hello');

    expect(await text(socket)).toBe('hello'.slice(0, afterBytes));
  });

  it('nothing comes back, and nothing gets through', async () => {
    const { socket, received, proxy } = await arrange({ kind: 'black-hole' });
    const before = received();

    expect(await isSilent(socket)).toBe(true);
    expect(received()).toBe(before);
    await proxy.clear();
    // Half a conversation cannot be taken up again.
    expect(await isSilent(socket)).toBe(true);
    expect(await echo(await open(proxy))).toBe('hello');
  });
});

it('sends no part of an answer again or too late when one fault follows another', async () => {
  const { proxy } = await startEcho();
  const socket = await open(proxy);
  await proxy.fault({ kind: 'bandwidth', bytesPerSecond: 20 });
  socket.end('abcdefgh');
  await once(socket, 'readable');
  await proxy.fault({ kind: 'latency', milliseconds: 1 });
  await proxy.clear();

  expect(await text(socket)).toBe('abcdefgh');
});

it('closes its port and its connections, and opens the same port again', async () => {
  const { proxy } = await startEcho();
  const socket = await open(proxy);
  await echo(socket);
  await proxy.fault({ kind: 'refuse' });

  expect(await text(socket)).toBe('');
  expect(await tryToOpen(proxy)).toBe('ECONNREFUSED');
  await proxy.fault({ kind: 'reset' });
  expect(await tryToOpen(proxy)).toBe('ECONNRESET');
  await proxy.clear();
  expect(await tryToOpen(proxy)).toBe('hello');
});

it('resets connections that are open', async () => {
  const { proxy } = await startEcho();
  const socket = await open(proxy);
  await echo(socket);
  const failed = once(socket, 'error');
  await proxy.fault({ kind: 'reset' });

  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
});

it.each<[string, ConnectionFault]>([
  ['milliseconds', { kind: 'latency', milliseconds: -1 }],
  ['milliseconds', { kind: 'latency', milliseconds: Number.POSITIVE_INFINITY }],
  ['bytesPerSecond', { kind: 'bandwidth', bytesPerSecond: 0 }],
  ['bytesPerSecond', { kind: 'bandwidth', bytesPerSecond: Number.NaN }],
  ['afterBytes', { kind: 'cut', afterBytes: 1.5 }],
])('refuses such %s, and goes on as before', async (option, fault) => {
  const { proxy } = await startEcho();

  await expect(proxy.fault(fault)).rejects.toThrow(`${option}: `);
  expect(await tryToOpen(proxy)).toBe('hello');
});

it.each<ConnectionFault>([
  { kind: 'latency', milliseconds: 600_000 },
  { kind: 'black-hole' },
  { kind: 'refuse' },
])('stops under $kind whatever is open, more than once', async (fault) => {
  const { proxy } = await startEcho();
  const socket = await open(proxy);
  await proxy.fault(fault);
  socket.on('error', () => {}).write('hello');
  await proxy.stop();
  await proxy.stop();

  expect(await tryToOpen(proxy)).toBe('ECONNREFUSED');
});
