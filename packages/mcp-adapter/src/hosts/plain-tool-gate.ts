/** Two addresses for people with curl, behind the same gate: `GET /mcp/tools/list` and `POST /tools/call`. */
import type { IncomingMessage } from 'node:http';
import { type Checks, check, checkOptions } from '@sallyport/core';
import type { HostOptions } from '../client-address/client-address.ts';
import type { McpGate } from '../gate/mcp-gate.ts';
import { assertGate } from './host-checks.ts';
import { type GatedHandler, nodeGate } from './node-gate.ts';

/** Options for {@link plainToolGate}. */
export interface PlainToolOptions extends HostOptions {
  /** `_meta` of each message, for a handler of a revision without sessions. Default: none. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** The message that a request stands for. */
export interface PlainToolMessage {
  readonly jsonrpc: '2.0';
  readonly id: 1;
  readonly method: 'tools/list' | 'tools/call';
  readonly params: Readonly<Record<string, unknown>>;
}

type Listener = ReturnType<typeof nodeGate>;

const optionChecks: Checks<PlainToolOptions> = {
  trustedProxyHops: check.optional(check.number),
  meta: check.optional(check.recordOf(check.anything)),
};

/**
 * Creates a function that returns a listener for `GET /mcp/tools/list` and for `POST /tools/call` with the body
 * `{"name", "arguments"}`, and `undefined` for every other request.
 *
 * Each request becomes the MCP message that it stands for *before* the gate, so the gate judges what runs.
 *
 * @param handler Runs the message, which it gets as the body: a {@link PlainToolMessage}. It writes the answer.
 * @throws {ConfigError} When an argument or an option is wrong.
 */
export function plainToolGate(
  gate: McpGate,
  handler: GatedHandler,
  options: PlainToolOptions = {},
): (request: IncomingMessage) => Listener | undefined {
  assertGate(gate);
  const { meta, ...hostOptions } = checkOptions('gate', options, optionChecks);
  const toMessage = (
    method: PlainToolMessage['method'],
    params: PlainToolMessage['params'],
  ): PlainToolMessage => ({
    jsonrpc: '2.0',
    id: 1,
    method,
    params: { ...params, ...(meta !== undefined && { _meta: meta }) },
  });
  const listener = nodeGate(
    rewriting(gate, async (request, ...given) => {
      if (request.method === 'GET') return { ok: true, value: toMessage('tools/list', {}) };
      const body = await request.readJson(...given);
      if (!body.ok) return body;
      return { ok: true, value: toMessage('tools/call', readCall(body.value)) };
    }),
    handler,
    hostOptions,
  );
  return ({ method, url }) => {
    const [path] = (url ?? '').split('?', 1);
    const isServed =
      (method === 'GET' && path === '/mcp/tools/list') ||
      (method === 'POST' && path === '/tools/call');
    return isServed ? listener : undefined;
  };
}

type Request = Parameters<McpGate['handle']>[0];
type Read = Parameters<Request['readJson']>;

/** The same gate, for which every request is a POST with the body that `readJson` returns. */
function rewriting(
  gate: McpGate,
  readJson: (request: Request, ...given: Read) => ReturnType<Request['readJson']>,
): McpGate {
  return {
    ...gate,
    handle: (request) =>
      gate.handle({
        ...request,
        method: 'POST',
        readJson: (...given) => readJson(request, ...given),
      }),
  };
}

function readCall(body: unknown): PlainToolMessage['params'] {
  const { name, arguments: given } = Object(body) as { name?: unknown; arguments?: unknown };
  return { name: typeof name === 'string' ? name : '', arguments: given ?? {} };
}
