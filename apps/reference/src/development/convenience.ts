/** Two addresses for people with curl, besides the MCP endpoint and behind the same gate. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type McpHttpHandler,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';
import type { McpGate } from '@sallyport/mcp-adapter';
import {
  type GatedHandler,
  type PlainToolMessage,
  plainToolGate,
} from '@sallyport/mcp-adapter/node';

const protocolVersion = '2026-07-28';

/** Options for {@link createConvenience}. */
export interface ConvenienceOptions {
  readonly gate: McpGate;
  readonly handler: McpHttpHandler;
  readonly resource: string;
  /** How many proxies in front write the client's address. */
  readonly trustedProxyHops: number;
}

/** `GET /mcp/tools/list` and `POST /tools/call` with `{"name", "arguments"}`. */
export function createConvenience({
  gate,
  handler,
  resource,
  trustedProxyHops,
}: ConvenienceOptions): ReturnType<typeof plainToolGate> {
  const serve: GatedHandler = async ({ auth }, response, body) => {
    const answered = await handler.fetch(toRequest(resource, body as PlainToolMessage), {
      ...(auth && { authInfo: auth }),
      parsedBody: body,
    });
    const { result, error } = (await answered.json()) as { result?: unknown; error?: unknown };
    response.writeHead(error === undefined ? 200 : 400, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(error === undefined ? result : { error }));
  };
  return plainToolGate(gate, serve, {
    trustedProxyHops,
    meta: {
      [PROTOCOL_VERSION_META_KEY]: protocolVersion,
      [CLIENT_INFO_META_KEY]: { name: 'http', version: '1.0.0' },
      [CLIENT_CAPABILITIES_META_KEY]: {},
    },
  });
}

function toRequest(resource: string, { method, params }: PlainToolMessage): Request {
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
