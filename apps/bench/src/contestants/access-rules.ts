/** Gates that differ in one rule about callers. */
import type { AuthorizationRule } from '@sallyport/core';
import { createDenialList, type DenialStore } from '@sallyport/denial';
import type { McpGate } from '@sallyport/mcp-adapter';
import { allow, createPolicy } from '@sallyport/policy';
import { composeGate, type ProtectSettings } from '@sallyport/protect';
import { anonymousAccess } from '@sallyport/protect/anonymous';
import { createMemoryCallQuota } from '@sallyport/rate-limit';
import { connectRedis, createRedisCallQuota } from '@sallyport/rate-limit-redis';
import { localJwks } from '@sallyport/verifier-jwt';
import type { Lane } from '../rounds/rounds.ts';
import { createIssuer } from '../tokens/issuer.ts';
import { audience, issuerName, mintTokens } from '../tokens/tokens.ts';
import { openApiKeys } from './api-keys.ts';
import { digestFloor } from './digest-floor.ts';

/** The gate without these rules. All others are compared with it. */
export const plainGate = 'JWT, no further rule';

/** Lanes to measure, and a function that closes them. */
export interface AccessLanes {
  readonly lanes: readonly Lane[];
  close(): Promise<void>;
}

interface Variant {
  readonly name: string;
  readonly settings: ProtectSettings;
  /** Default: the JWTs. */
  readonly credentials?: readonly string[];
}

const clients = 100;
const denied = 1_000;
// A busy machine must not take Redis for away: then memory would be measured.
const timeoutSeconds = 5;
const issuers = 5;
// No caller gets so far, so every call is accepted.
const limit = { calls: 100_000, windowSeconds: 60 };
const message = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'notes', arguments: {} },
};

/** @param redisUrl `undefined`: Redis is not measured. */
export async function openAccessLanes(redisUrl: string | undefined): Promise<AccessLanes> {
  const signer = createIssuer('RS256');
  const tokens = mintTokens(signer, clients);
  const { keys, verifier: apiKeys } = await openApiKeys(clients);
  const trust = (issuer: string) => ({
    ...{ issuer, audience, algorithms: ['RS256'] as const },
    keys: localJwks({ keys: [signer.jwk] }),
  });
  const plain = {
    resource: audience,
    tools: { notes: ['notes:read'] },
    issuer: trust(issuerName),
    audit: { emit() {} },
    onEvent() {},
  } satisfies ProtectSettings;
  const others = Array.from({ length: issuers - 1 }, (_, index) =>
    trust(`https://auth-${index}.example.com`),
  ) as [ReturnType<typeof trust>];
  const client =
    redisUrl === undefined ? undefined : await connectRedis({ url: redisUrl, timeoutSeconds });
  const quotaOf = (settings: Pick<ProtectSettings, 'quota'>) => ({ ...plain, ...settings });
  const variants: readonly Variant[] = [
    { name: plainGate, settings: plain },
    { name: 'an API key in place of the JWT', settings: { ...plain, apiKeys }, credentials: keys },
    { name: 'JWT, with API keys configured', settings: { ...plain, apiKeys } },
    {
      name: `a denial list of ${denied} entries`,
      settings: { ...plain, denial: createDenialList({ store: listStore() }) },
    },
    {
      name: 'an authorization rule',
      settings: { ...plain, policy: createPolicy(() => allow) },
    },
    { name: 'a quota in memory', settings: quotaOf({ quota: createMemoryCallQuota(limit) }) },
    ...(client === undefined
      ? []
      : [{ name: 'a quota in Redis', settings: quotaOf({ quota: quotaIn(client) }) }]),
    {
      name: 'an anonymous list',
      settings: { ...plain, anonymous: anonymousAccess({ tools: ['search'] }) },
    },
    { name: `${issuers} issuers`, settings: { ...plain, issuer: [...others, plain.issuer] } },
  ];
  const gates = await Promise.all(
    variants.map(async ({ name, settings, credentials = tokens }) => {
      const { gate, close } = await composeGate(settings);
      return { name, credentials, gate, close };
    }),
  );
  const lookUp = digestFloor.open(tokens.map((token) => `Bearer ${token}`));
  return {
    lanes: [
      {
        name: digestFloor.name,
        expects: 'acceptance',
        call: (index) => lookUp(freshField(tokens[index % clients] ?? '')),
      },
      ...gates.map(
        ({ name, credentials, gate }): Lane => ({
          name,
          expects: 'acceptance',
          call: (index) => callTool(gate, credentials[index % clients] ?? ''),
        }),
      ),
    ],

    async close() {
      await Promise.all(gates.map(({ close }) => close()));
      client?.disconnect();
    },
  };
}

function quotaIn(client: Awaited<ReturnType<typeof connectRedis>>): AuthorizationRule {
  const fallback = createMemoryCallQuota(limit);
  return createRedisCallQuota({ client, fallback, timeoutSeconds });
}

/** @throws When the call is refused. */
async function callTool(gate: McpGate, token: string): Promise<void> {
  const authorization = freshField(token);
  const decision = await gate.handle({
    method: 'POST',
    target: '/mcp',
    host: 'mcp.example.com',
    field: (name) =>
      name === 'authorization'
        ? [authorization]
        : name === 'content-type'
          ? ['application/json']
          : [],
    clientAddress: '203.0.113.7',
    signal,
    readJson: async () => ({ ok: true, value: message }),
  });
  if (!decision.pass) throw new Error(`the call was answered with ${decision.answer.status}`);
}

// A new string, as every request brings one.
const freshField = (token: string): string =>
  Buffer.from(`Bearer ${token}`, 'latin1').toString('latin1');

const { signal } = new AbortController();

function listStore(): DenialStore {
  const entries = Array.from({ length: denied }, (_, index) => ({
    ...{ issuer: issuerName, subject: `denied-${index}`, reason: 'left the company' },
  }));
  const text = JSON.stringify({ version: 1, denied: entries });
  return { name: 'memory', read: async () => text, replace: async () => false };
}
