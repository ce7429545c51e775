/** `GET /mcp/tools/list` and `POST /tools/call`, for people with curl, behind the same gate. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { McpGate } from '@sallyport/mcp-adapter';
import { type GatedHandler, nodeGate } from '@sallyport/mcp-adapter/node';
import type { Upstream } from '@sallyport/proxy';
import { callOnce } from './call-once.ts';

/** What the answers are made with. */
export interface CurlOptions {
  readonly gate: McpGate;
  readonly upstream: Pick<Upstream, 'handle'>;
  readonly trustedProxyHops: number;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Makes the two answers. Each request becomes the MCP message that it stands for before the gate, so the gate judges
 * what will run.
 *
 * @returns `undefined` for every other request.
 */
export function createCurlAnswers({
  gate,
  upstream,
  trustedProxyHops,
}: CurlOptions): (request: IncomingMessage) => Answer | undefined {
  const rewriting: McpGate = {
    ...gate,
    handle: (request) =>
      gate.handle({
        ...request,
        method: 'POST',
        async readJson(maximumBytes) {
          if (request.method === 'GET') return { ok: true, value: toMessage('tools/list', {}) };
          const body = await request.readJson(maximumBytes);
          return body.ok
            ? { ok: true, value: toMessage('tools/call', readCall(body.value)) }
            : body;
        },
      }),
  };
  const serve: GatedHandler = async (request, response, body) => {
    const { status, result, error } = await callOnce(upstream, request, body as object);
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(error === undefined ? result : { error }));
  };
  const answer = nodeGate(rewriting, serve, { trustedProxyHops });

  return ({ method, url }) => {
    const [path] = (url ?? '').split('?', 1);
    const isServed =
      (method === 'GET' && path === '/mcp/tools/list') ||
      (method === 'POST' && path === '/tools/call');
    return isServed ? answer : undefined;
  };
}

function toMessage(method: string, params: object): object {
  return { jsonrpc: '2.0', id: 1, method, params };
}

function readCall(body: unknown): object {
  const { name, arguments: given } = Object(body) as { name?: unknown; arguments?: unknown };
  return { name: typeof name === 'string' ? name : '', arguments: given ?? {} };
}
