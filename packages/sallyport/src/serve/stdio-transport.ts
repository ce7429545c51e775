import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** What both lines of the MCP SDK call a transport, as far as a server over stdio needs it. */
export interface StdioTransport {
  start(): Promise<void>;
  send(message: unknown): Promise<void>;
  close(): Promise<void>;
  onmessage?: (message: unknown, extra?: object) => void;
  onerror?: (error: Error) => void;
  onclose?: () => void;
}

/** One JSON message a line, in both directions. */
export function createStdioTransport(input: Readable, output: Writable): StdioTransport {
  const transport: StdioTransport = {
    async start() {
      const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
      lines.on('line', (line) => {
        if (line.trim() === '') return;
        try {
          transport.onmessage?.(JSON.parse(line));
        } catch (error) {
          transport.onerror?.(error as Error);
        }
      });
      lines.on('close', () => transport.onclose?.());
      // The client no longer reads the answers.
      output.on('error', () => void transport.close());
    },

    async send(message) {
      const { promise, resolve } = Promise.withResolvers<void>();
      output.write(`${JSON.stringify(message)}\n`, () => resolve());
      await promise;
    },

    async close() {
      input.destroy();
      transport.onclose?.();
    },
  };
  return transport;
}
