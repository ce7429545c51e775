/** Clients of both SDK lines, with everything that a server may ask of a client. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

/** What the tests use of either line. */
export interface AnyClient {
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>;
  callTool(call: { readonly name: string; readonly arguments: object }): Promise<unknown>;
  /** A call, and the progress that was reported. */
  follow(call: { readonly name: string; readonly arguments: object }): Promise<readonly number[]>;
  close(): Promise<void>;
}

const info = { name: 'nightly', version: '1.0.0' };
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
const roots = { roots: [{ uri: 'file:///a-root', name: 'a root' }] };
const init = (token: string) => ({
  requestInit: { headers: { Authorization: `Bearer ${token}` } },
});

type Connect = (url: URL, token: string) => Promise<AnyClient>;

/** A client of SDK v1 that answers what a server asks. It is not connected yet. */
export function createClientV1(): ClientV1 {
  const client = new ClientV1(info, { capabilities });
  client.setRequestHandler(CreateMessageRequestSchema, () => sampled);
  client.setRequestHandler(ElicitRequestSchema, () => elicited);
  client.setRequestHandler(ListRootsRequestSchema, () => roots);
  return client;
}

const connectV1: Connect = async (url, token) => {
  const client = createClientV1();
  const transport = new TransportV1(url, init(token));
  // The types of SDK v1 do not know `exactOptionalPropertyTypes`.
  await client.connect(transport as never);
  return {
    listTools: () => client.listTools(),
    callTool: (call) => client.callTool(call as never),
    async follow(call) {
      const seen: number[] = [];
      await client.callTool(call as never, undefined, {
        onprogress: ({ progress }) => void seen.push(progress),
      });
      return seen;
    },
    async close() {
      await transport.terminateSession();
      await client.close();
    },
  };
};

const connectV2 =
  (mode: 'legacy' | 'auto'): Connect =>
  async (url, token) => {
    const client = new Client(info, { capabilities, versionNegotiation: { mode } });
    client.setRequestHandler('sampling/createMessage', () => sampled);
    client.setRequestHandler('elicitation/create', () => elicited);
    client.setRequestHandler('roots/list', () => roots);
    const transport = new StreamableHTTPClientTransport(url, init(token));
    await client.connect(transport);
    return {
      listTools: () => client.listTools(),
      callTool: (call) => client.callTool(call as never),
      async follow(call) {
        const seen: number[] = [];
        await client.callTool(call as never, {
          onprogress: ({ progress }) => void seen.push(progress),
        });
        return seen;
      },
      async close() {
        await transport.terminateSession();
        await client.close();
      },
    };
  };

/** By what they are. */
export const sdkClients: Readonly<Record<string, Connect>> = {
  'SDK v1': connectV1,
  'SDK v2 with sessions': connectV2('legacy'),
  'SDK v2 without sessions': connectV2('auto'),
};
