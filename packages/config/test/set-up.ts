import type { AuditEvent } from '@sallyport/core';
import type { GateDecision } from '@sallyport/mcp-adapter';
import { expect, onTestFinished } from 'vitest';
import {
  type Config,
  createGateFromConfig,
  type LoadConfigOptions,
  loadConfig,
} from '../src/index.ts';
import { good, prefix } from './set-up-values.ts';

export { good, prefix } from './set-up-values.ts';

/** Introspection, in production. */
export const opaque = {
  TYPE: 'introspection',
  INTROSPECTION_URL: 'https://id.acme-corp.dev/introspect',
  INTROSPECTION_CLIENT_ID: 'notes',
  INTROSPECTION_CLIENT_SECRET: 'p:% é+',
  RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
};

/** Random, and nowhere else. */
export const hmacKey = 'Jx4mQ0vT9sLr2WbN7cYhKd6fGpZa1EuX8oRiVt3M';

export type Changes = Readonly<Record<string, string | undefined>>;

/** {@link good}, with changes. Names without a prefix of their own get ours. */
export function withChanges(changes: Changes): Record<string, string> {
  const entries = Object.entries(changes).map(([name, value]) => [nameOf(name), value] as const);
  return Object.fromEntries(
    Object.entries({ ...good, ...Object.fromEntries(entries) }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}

const ofNobody =
  /^(TYPE|SECRET_|RESOURCE_|AUTHORIZATION_|JWT_|INTROSPECTION_|TOOL_|SCOPE_|RATE_|TRUSTED_|STATIC_|ALLOW_|ASSERTION_|EGRESS_|MAX_BODY_|MAX_TOKEN_|METADATA_|QUOTA_|DENIAL_|ANONYMOUS_|DPOP|API_KEY_|API_KEYS_|SIGN_IN_|VAULT_)/;

function nameOf(name: string): string {
  return ofNobody.test(name) ? prefix + name : name;
}

/** A configuration that is closed with the test. */
export async function load(changes: Changes, options: LoadConfigOptions = {}): Promise<Config> {
  const config = await loadConfig(withChanges(changes), { nodeArguments: [], ...options });
  onTestFinished(() => config.secrets?.close?.());
  return config;
}

/** What the operator is told, a line per problem; nothing when it boots. */
export async function problemsOf(
  changes: Changes,
  options: LoadConfigOptions = {},
): Promise<readonly string[]> {
  try {
    const config = await loadConfig(withChanges(changes), { nodeArguments: [], ...options });
    await config.secrets?.close?.();
    return [];
  } catch (error) {
    if (!(error instanceof AggregateError))
      return expect.fail(`${String(error)} is no AggregateError`);
    return error.errors.map(({ message }) =>
      message.replace(new RegExp(`^${prefix}(?!.*no variable)`), ''),
    );
  }
}

/** A gate that is closed with the test, and what it recorded. */
export async function openGate(
  config: Config,
  tools: Readonly<Record<string, readonly string[]>> = {},
  onEvent: (event: { readonly type: string }) => void = () => {},
) {
  const audited: AuditEvent[] = [];
  const { gate, close } = await createGateFromConfig(config, {
    tools,
    audit: { emit: (event) => void audited.push(event) },
    onEvent,
  });
  onTestFinished(close);
  const { pathname } = new URL(config.resource);

  function decide(token: string | undefined, tool: string): Promise<GateDecision> {
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool } };
    return gate.handle({
      method: 'POST',
      target: pathname,
      host: new URL(config.resource).host,
      field: (name) => (name === 'authorization' && token !== undefined ? [`Bearer ${token}`] : []),
      clientAddress: '203.0.113.7',
      signal: new AbortController().signal,
      readJson: async () => ({ ok: true, value: body }),
    });
  }

  /** Calls a tool: the status it is answered with, 200 when it gets past the gate. */
  async function call(token: string | undefined, tool = 'hello'): Promise<number> {
    const decision = await decide(token, tool);
    return decision.pass ? 200 : decision.answer.status;
  }

  async function askedFor(token: string | undefined, tool: string): Promise<string | undefined> {
    const decision = await decide(token, tool);
    const challenge = decision.pass ? '' : decision.answer.headers['WWW-Authenticate'];
    return /scope="([^"]*)"/.exec(challenge ?? '')?.[1];
  }

  return { gate, call, askedFor, audited };
}
