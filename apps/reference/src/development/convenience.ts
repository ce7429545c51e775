/** Two addresses for people with curl, besides the MCP endpoint and behind the same gate. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type McpHttpHandler,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';
import type { McpGate } from '@sallyport/mcp-adapter';
import { type GatedHandler, nodeGate } from '@sallyport/mcp-adapter/node';

const protocolVersion = '2026-07-28';

type Convenience = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Options for {@link createConvenience}. */
export interface ConvenienceOptions {
  readonly gate: McpGate;
  readonly handler: McpHttpHandler;
  readonly resource: string;
  /** How many proxies in front write the client's address. */
  readonly trustedProxyHops: number;
}

/**
 * `GET /mcp/tools/list` and `POST /tools/call` with `{"name", "arguments"}`. Each is rewritten into
 * the MCP message it stands for *before* the gate, so the gate judges what will run.
 */
export function createConvenience({
  gate,
  handler,
  resource,
  trustedProxyHops,
}: ConvenienceOptions): (request: IncomingMessage) => Convenience | undefined {
  const rewriting: McpGate = {
    ...gate,
    handle: (request) =>
      gate.handle({
        ...request,
        method: 'POST',
        async readJson(maximumBytes) {
          if (request.method === 'GET') return { ok: true, value: toMessage('tools/list', {}) };
          const body = await request.readJson(maximumBytes);
          return body.ok ? { ok: true, value: toMessage('tools/call', body.value) } : body;
        },
      }),
  };

  const serve: GatedHandler = async ({ auth }, response, body) => {
    const answered = await handler.fetch(toRequest(resource, body as Message), {
      ...(auth && { authInfo: auth }),
      parsedBody: body,
    });
    const { result, error } = (await answered.json()) as { result?: unknown; error?: unknown };
    response.writeHead(error === undefined ? 200 : 400, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(error === undefined ? result : { error }));
  };
  const answer = nodeGate(rewriting, serve, { trustedProxyHops });

  return ({ method, url }) => {
    const [path] = (url ?? '').split('?', 1);
    const served =
      (method === 'GET' && path === '/mcp/tools/list') ||
      (method === 'POST' && path === '/tools/call');
    return served ? answer : undefined;
  };
}

interface Message {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

function toMessage(method: string, input: unknown): Message & { jsonrpc: '2.0'; id: 1 } {
  const { name, arguments: given } =
    typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  return {
    jsonrpc: '2.0',
    id: 1,
    method,
    params: {
      ...(method === 'tools/call' && {
        name: typeof name === 'string' ? name : '',
        arguments: given ?? {},
      }),
      _meta: {
        [PROTOCOL_VERSION_META_KEY]: protocolVersion,
        [CLIENT_INFO_META_KEY]: { name: 'http', version: '1.0.0' },
        [CLIENT_CAPABILITIES_META_KEY]: {},
      },
    },
  };
}

function toRequest(resource: string, { method, params }: Message): Request {
  const name = Buffer.from(String(params['name'] ?? '')).toString('base64');
  return new Request(resource, {
    method: 'POST',
    headers: {
      Accept: 'application/json, text/event-stream',
      'Content-Type': 'application/json',
      'Mcp-Protocol-Version': protocolVersion,
      'Mcp-Method': method,
      // Names may hold what a header field cannot, hence the encoded form of the specification.
      ...(method === 'tools/call' && { 'Mcp-Name': `=?base64?${name}?=` }),
    },
  });
}
