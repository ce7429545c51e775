/** Floods that are connections: those that are dropped, and those that are slow. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { resource, type Target } from './targets.ts';

/** What became of them. */
export interface Connections {
  readonly dropped: number;
  /** Slow ones that the server ended. */
  readonly ended: number;
  /** Slow ones that were open for longer than a server may allow. */
  readonly tooLong: number;
}

const head = `POST /mcp HTTP/1.1\r\nHost: ${new URL(resource).host}\r\n`;
const byteEveryMs = 500;
/** A client has 10 seconds for its header fields. Node.js looks every 30 seconds, and the machine is busy. */
const longestMs = 60_000;

/** Opens connections until the signal aborts, and resolves when none is left. */
export async function floodConnections(
  targets: readonly Target[],
  { slow, droppedPerSecond }: { readonly slow: number; readonly droppedPerSecond: number },
  signal: AbortSignal,
): Promise<Connections> {
  const counts = { dropped: 0, ended: 0, tooLong: 0 };

  async function beSlow(port: number): Promise<void> {
    while (!signal.aborted) {
      const startedAt = performance.now();
      const socket = connect(port, '127.0.0.1');
      socket.write(head);
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.on('error', () => {}).resume();
      const isOver = () => signal.aborted || performance.now() - startedAt > longestMs;
      while (!socket.destroyed && !isOver()) {
        socket.write('X');
        await Promise.race([closed, sleep(byteEveryMs)]);
      }
      if (socket.destroyed) counts.ended += 1;
      else if (!signal.aborted) counts.tooLong += 1;
      socket.destroy();
    }
  }

  async function drop(port: number): Promise<void> {
    while (!signal.aborted) {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a":`);
        setTimeout(() => socket.resetAndDestroy(), 5);
      });
      socket.on('error', () => {}).resume();
      counts.dropped += 1;
      await sleep((1_000 * targets.length) / droppedPerSecond);
    }
  }

  await Promise.all(
    targets.flatMap(({ port }) => [
      drop(port),
      ...Array.from({ length: Math.ceil(slow / targets.length) }, () => beSlow(port)),
    ]),
  );
  return counts;
}
