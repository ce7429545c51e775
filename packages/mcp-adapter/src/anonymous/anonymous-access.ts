/** The tools and methods that callers may use without a token. The list is a value that the gate is given. */
import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { isLookalikeMethod } from '../body/protocol-methods.ts';
import { type AnonymousGate, type GateParts, openAnonymousGate } from './anonymous-gate.ts';

/** Options for {@link anonymousAccess}. */
export interface AnonymousAccessOptions {
  /**
   * The exact names of tools that everybody may call. A list of tools also opens what clients send before the first
   * call: `initialize`, `notifications/initialized`, `ping`, `server/discover` and `tools/list`. Default none.
   */
  readonly tools?: readonly string[];
  /**
   * Further methods, such as `resources/list`. Of a method that names a resource or a prompt, everybody may use what
   * needs no scope. Streams (`subscriptions/listen`) and `tasks/…` always need a token. Default none.
   */
  readonly methods?: readonly string[];
  /**
   * How a call of a tool is answered that needs a token or more scopes. `http`: with 401 or 403 and
   * `WWW-Authenticate`. `tool-result`: with 200 and a result with `isError` that has the challenge in
   * `_meta["mcp/www_authenticate"]`, as the Apps SDK of ChatGPT reads it. A request with a bad token is always
   * answered as for `http`. Default `http`.
   */
  readonly challenge?: 'http' | 'tool-result';
  /**
   * How many bodies the gate reads of one client address without a token in one minute, in each process. Above it
   * every request of that address needs a token. 1 to 100,000. Default 300.
   */
  readonly maximumRequestsPerMinute?: number;
}

/** The list, for the option `anonymous` of a gate. Several gates may share it. */
export interface AnonymousAccess {
  /** The listed tools. */
  readonly tools: ReadonlySet<string>;
  /**
   * For gates.
   *
   * @throws {ConfigError} When the scopes of the gate contradict the list.
   */
  open(parts: GateParts): AnonymousGate;
}

const checks: Checks<AnonymousAccessOptions> = {
  tools: check.optional(check.texts),
  methods: check.optional(check.texts),
  challenge: check.optional(check.oneOf('http', 'tool-result')),
  maximumRequestsPerMinute: check.optional(check.number),
};

// What SDK clients of both lines send before they call a tool.
const handshake = ['initialize', 'notifications/initialized', 'ping', 'server/discover'];

/** Methods that no list can open, with the reason. */
const closed: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'would open every tool. List the tools in gate.anonymous.tools'],
  ...['subscriptions/listen', 'resources/subscribe', 'resources/unsubscribe'].map(
    (method) => [method, 'is about a stream. Streams always need a token'] as const,
  ),
]);

/**
 * Lists the tools and methods that callers may use without a token. Give the result to the option `anonymous` of
 * `createMcpGate`, `protect` or `composeGate`.
 *
 * For a request without any credential the gate then reads at most 64 KiB of the body, for at most 5 seconds. If
 * every message is on the list, the request reaches the server, without a caller. Otherwise it is answered as
 * without the list. A request with a credential is never anonymous, so a bad token is refused for every tool.
 *
 * @example
 * ```ts
 * const settings = { resource, issuer, tools, anonymous: anonymousAccess({ tools: ['search'] }) };
 * ```
 * @throws {ConfigError} When the list is empty, or a name cannot be on it.
 */
export function anonymousAccess(given: AnonymousAccessOptions): AnonymousAccess {
  const options = checkOptions('gate.anonymous', given, checks);
  const { tools = [], methods = [], challenge = 'http', maximumRequestsPerMinute = 300 } = options;
  if (tools.length + methods.length === 0) {
    throw new ConfigError('gate.anonymous', 'is an empty list. Leave it out, or list a tool');
  }
  if (!(maximumRequestsPerMinute >= 1 && maximumRequestsPerMinute <= 100_000)) {
    throw new ConfigError('gate.anonymous.maximumRequestsPerMinute', 'must be from 1 to 100000');
  }
  for (const name of tools) assertExact('gate.anonymous.tools', name);
  for (const method of methods) assertMethod(method);
  const implied = tools.length > 0 ? [...handshake, 'tools/list'] : handshake;
  const list = {
    tools: new Set(tools),
    methods: new Set([...implied, ...methods]),
    listedMethods: methods,
    challenge,
    maximumRequestsPerMinute,
  };
  return { tools: list.tools, open: (parts) => openAnonymousGate(list, parts) };
}

function assertMethod(method: string): void {
  const option = 'gate.anonymous.methods';
  assertExact(option, method);
  const reason = closed.get(method);
  if (reason !== undefined) throw new ConfigError(option, `must not have ${method}: it ${reason}`);
  if (/^tasks\//i.test(method)) {
    throw new ConfigError(option, `must not have ${method}: the task of a caller needs a token`);
  }
  if (isLookalikeMethod(method)) {
    throw new ConfigError(option, `must not have ${method}: MCP writes it in another way`);
  }
}

function assertExact(option: string, name: string): void {
  if (name.trim() === name && name !== '' && !name.includes('*')) return;
  throw new ConfigError(option, `must have exact names. ${JSON.stringify(name)} is none`);
}
