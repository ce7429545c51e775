/** Closes a connection after an unexpected reply of the server (CASE-62). */
import type { Redis } from 'ioredis';
import { createReplyScanner } from './reply-scanner.ts';

/**
 * Checks every byte before the client reads it. For an unexpected reply the client throws outside of any
 * handler, which would end the process. It also takes a surplus reply for the answer to the next command.
 *
 * @param client Must speak RESP2, which knows no replies without a command.
 */
export function guardConnection(client: Redis): void {
  client.on('connect', () => {
    const { stream } = client;
    const scanner = createReplyScanner(() => performance.now());
    const emit = stream.emit.bind(stream);
    let isDropped = false;
    stream.emit = (event: string | symbol, ...rest: unknown[]): boolean => {
      if (event !== 'data') return emit(event, ...rest);
      if (isDropped) return false;
      const fault = scanner.read(rest[0] as Uint8Array, client.commandQueue.length);
      if (fault === undefined) return emit(event, ...rest);
      isDropped = true;
      stream.destroy(new Error(`the reply of Redis was refused: ${fault}`));
      return false;
    };
  });
}
