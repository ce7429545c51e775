/** A TCP server behind a fault proxy, and clients of it. They end with the test. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type FaultProxy, startFaultProxy } from '@sallyport/testing';
import { onTestFinished } from 'vitest';

/** A server that sends back what it gets and ends when its client does, behind a proxy. */
export async function startEcho(): Promise<{ proxy: FaultProxy; received(): number }> {
  let received = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port } });
  onTestFinished(async () => {
    await proxy.stop();
    server.close();
  });
  return { proxy, received: () => received };
}

export async function open({ port }: FaultProxy): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** What comes back for some text: the first part of it, or the code of the failure. */
export async function echo(socket: Socket, message = 'hello'): Promise<string> {
  socket.write(message);
  try {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    return chunk.toString();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  }
}

/** What becomes of a new connection. */
export async function tryToOpen(proxy: FaultProxy): Promise<string> {
  try {
    return await echo(await open(proxy));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  }
}

/** Whether nothing comes for a while. */
export async function isSilent(socket: Socket): Promise<boolean> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).write('hello');
  await new Promise((resolve) => setTimeout(resolve, 80));
  return chunks.length === 0 && !socket.destroyed;
}
