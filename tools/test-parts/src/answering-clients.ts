/** Clients of both SDK lines that answer whatever a server asks: for a sample, for input, for roots. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

/** What the tests use of every client. */
export interface TestClient {
  /** Tools by name. */
  listTools(): Promise<readonly string[]>;
  callTool(
    name: string,
    given: Record<string, unknown>,
    onProgress?: (progress: number) => void,
    signal?: AbortSignal,
  ): Promise<ToolResult>;
  /** The methods that the server asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export interface ToolResult {
  readonly isError?: boolean;
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
}

/** The text of the first part. */
export const textOf = ({ content }: ToolResult): string | undefined => content?.[0]?.text;

const info = { name: 'test', version: '1.0.0' };
const capabilities = {
  sampling: {},
  elicitation: { form: {}, url: {} },
  roots: { listChanged: true },
};
const sampled = {
  model: 'test-model',
  role: 'assistant' as const,
  content: { type: 'text' as const, text: 'sampled by the client' },
};
const elicited = { action: 'accept' as const, content: { name: 'Elicited Name', integer: 7 } };
const roots = { roots: [{ uri: 'file:///home/test', name: 'root of the test' }] };

const requestInit = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

export type Connect = (url: URL, token: string) => Promise<TestClient>;

/**
 * A client of SDK v1. It is not connected yet.
 *
 * @param asked Gets the methods that the server asks for.
 */
export function createClientV1(asked: string[] = []): ClientV1 {
  const client = new ClientV1(info, { capabilities });
  client.setRequestHandler(CreateMessageRequestSchema, ({ method }) => {
    asked.push(method);
    return sampled;
  });
  client.setRequestHandler(ElicitRequestSchema, ({ method }) => {
    asked.push(method);
    return elicited;
  });
  client.setRequestHandler(ListRootsRequestSchema, ({ method }) => {
    asked.push(method);
    return roots;
  });
  return client;
}

async function connectV1(url: URL, token: string): Promise<TestClient> {
  const asked: string[] = [];
  const client = createClientV1(asked);
  const transport = new TransportV1(url, { requestInit: requestInit(token) });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return {
    asked,
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    callTool: async (name, given, onProgress, signal) =>
      (await client.callTool({ name, arguments: given }, undefined, {
        ...(onProgress && { onprogress: ({ progress }) => onProgress(progress) }),
        ...(signal && { signal }),
      })) as ToolResult,
    async close() {
      await transport.terminateSession();
      await client.close();
    },
  };
}

const connectV2 =
  (mode: 'legacy' | 'auto'): Connect =>
  async (url, token) => {
    const asked: string[] = [];
    const client = new Client(info, { capabilities, versionNegotiation: { mode } });
    client.setRequestHandler('sampling/createMessage', ({ method }) => {
      asked.push(method);
      return sampled;
    });
    client.setRequestHandler('elicitation/create', ({ method }) => {
      asked.push(method);
      return elicited;
    });
    client.setRequestHandler('roots/list', ({ method }) => {
      asked.push(method);
      return roots;
    });
    const transport = new StreamableHTTPClientTransport(url, { requestInit: requestInit(token) });
    await client.connect(transport);
    return {
      asked,
      listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
      callTool: async (name, given, onProgress, signal) =>
        (await client.callTool(
          { name, arguments: given },
          {
            ...(onProgress && { onprogress: ({ progress }) => onProgress(progress) }),
            ...(signal && { signal }),
          },
        )) as ToolResult,
      async close() {
        await transport.terminateSession();
        await client.close();
      },
    };
  };

/** Functions that connect, by what their client is. */
export const answeringClients: Readonly<Record<string, Connect>> = {
  'a client of SDK v1': connectV1,
  'a client of SDK v2': connectV2('legacy'),
  'a client of SDK v2 that prefers 2026-07-28': connectV2('auto'),
};
