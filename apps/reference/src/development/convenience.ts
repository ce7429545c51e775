/** Two addresses for people with curl, besides the MCP endpoint and behind the same gate. */
import type {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';
import type { McpGate } from '@sallyport/mcp-adapter';
import {
  type GatedHandler,
  type PlainToolMessage,
  plainToolGate,
} from '@sallyport/mcp-adapter/node';
import type { McpEndpoint } from '../notes/mcp-endpoint.ts';

const protocolVersion = '2026-07-28';
// The SDK has these names as well, but it is loaded after the start.
const versionKey: typeof PROTOCOL_VERSION_META_KEY = 'io.modelcontextprotocol/protocolVersion';
const clientKey: typeof CLIENT_INFO_META_KEY = 'io.modelcontextprotocol/clientInfo';
const capabilitiesKey: typeof CLIENT_CAPABILITIES_META_KEY =
  'io.modelcontextprotocol/clientCapabilities';

/** Options for {@link createConvenience}. */
export interface ConvenienceOptions {
  readonly gate: McpGate;
  readonly endpoint: Pick<McpEndpoint, 'fetch'>;
  readonly resource: string;
  /** How many proxies in front write the client's address. */
  readonly trustedProxyHops: number;
}

/** `GET /mcp/tools/list` and `POST /tools/call` with `{"name", "arguments"}`. */
export function createConvenience({
  gate,
  endpoint,
  resource,
  trustedProxyHops,
}: ConvenienceOptions): ReturnType<typeof plainToolGate> {
  const serve: GatedHandler = async ({ auth }, response, body) => {
    const answered = await endpoint.fetch(toRequest(resource, body as PlainToolMessage), {
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
      [versionKey]: protocolVersion,
      [clientKey]: { name: 'http', version: '1.0.0' },
      [capabilitiesKey]: {},
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
