/** Clients of both lines of the SDK that stay, and that begin anew when their session is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Caller, Outcome } from './model.ts';

interface OpenClient {
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

interface ClientsOptions {
  readonly person: string;
  readonly token: string;
  /** Of servers without sessions. */
  readonly port: number;
  /** Of servers with sessions, if there are any. */
  readonly sessionPort: number | undefined;
  readonly isStopped: () => boolean;
  readonly onSession: (id: string | undefined) => void;
  readonly record: (caller: Caller, work: () => Promise<Pick<Outcome, 'result'>>) => Promise<void>;
}

const everyMs = 250;

/** Calls with a client of each line until it is stopped. */
export async function keepCalling(options: ClientsOptions): Promise<void> {
  const { person, token, port, sessionPort, isStopped, onSession, record } = options;
  const own = { requestInit: { headers: { Authorization: `Bearer ${token}` } } };

  async function keep(caller: Caller, open: () => Promise<OpenClient>): Promise<void> {
    let client: OpenClient | undefined;
    while (!isStopped()) {
      await record(caller, async () => {
        try {
          client ??= await open();
          const answer = JSON.stringify(await client.callTool({ name: 'whoami', arguments: {} }));
          return { result: answer.includes(person) ? '200' : 'somebody else' };
        } catch (error) {
          void client?.close().catch(() => {});
          client = undefined;
          return { result: resultOf(error) };
        }
      });
      await sleep(everyMs);
    }
    await client?.close().catch(() => {});
  }

  const lines = [
    keep('SDK v2', async () => {
      const client = new Client({ name: 'chaos', version: '1.0.0' });
      const url = new URL(`http://127.0.0.1:${port}/mcp`);
      await client.connect(new StreamableHTTPClientTransport(url, own));
      return client;
    }),
  ];
  if (sessionPort !== undefined) {
    const withSession = keep('SDK v1 with a session', async () => {
      const client = new ClientV1({ name: 'chaos', version: '1.0.0' });
      const url = new URL(`http://127.0.0.1:${sessionPort}/mcp`);
      const transport = new TransportV1(url, own);
      await client.connect(transport as Parameters<typeof client.connect>[0]);
      onSession(transport.sessionId);
      return client;
    });
    lines.push(withSession);
  }
  await Promise.all(lines);
}

/** Of an error of the clients. */
function resultOf(error: unknown): string {
  // The line of SDK v1 has the status as a code, the line of SDK v2 among its data.
  const {
    code,
    data,
    message = '',
  } = error as {
    readonly code?: unknown;
    readonly data?: { readonly status?: number };
    readonly message?: string;
  };
  const status = data?.status ?? (typeof code === 'number' ? code : undefined);
  if (status === 404) return 'new session';
  if (status === 502) return '502 balancer';
  if (status === 503) return '503';
  if (/fetch failed|terminated|socket/i.test(message)) return 'cut';
  return `${status ?? ''} ${message.slice(0, 80)}`.trim();
}
