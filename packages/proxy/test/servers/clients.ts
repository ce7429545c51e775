/** The clients of both SDK lines, with everything that a server may ask of a client. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

/** What the tests use of either client. */
export interface TestClient {
  /** Tools by name. */
  listTools(): Promise<readonly string[]>;
  callTool(
    name: string,
    given: Record<string, unknown>,
    onProgress?: (progress: number) => void,
    signal?: AbortSignal,
  ): Promise<ToolResult>;
  readonly asked: string[];
  close(): Promise<void>;
}

export interface ToolResult {
  readonly isError?: boolean;
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
}

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

async function connectV1(url: URL, token: string): Promise<TestClient> {
  const asked: string[] = [];
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

/** By what they are. */
export const clients: Readonly<Record<string, Connect>> = {
  'a client of SDK v1': connectV1,
  'a client of SDK v2': connectV2('legacy'),
  'a client of SDK v2 that prefers 2026-07-28': connectV2('auto'),
};
