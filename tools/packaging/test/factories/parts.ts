/** Arguments for the good calls. Nothing here connects to a server. */
import { generateKeyPairSync, type webcrypto } from 'node:crypto';
import { createGuard, createScopePolicy, detectEnvironment, Secret } from '@sallyport/core';
import { createMcpGate } from '@sallyport/mcp-adapter';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';

export const environment = detectEnvironment({ ENVIRONMENT: 'development' });
export const random = (): Secret => new Secret('pK3vQ9tB7wXz2mN8cR5yH1jL6fD4gS0aUeVoTiWqZb');
export const now = (): number => 0;
export const wait = async (): Promise<void> => {};
export const ignore = (): void => {};
export const issuer = 'https://auth.example.com';
export const resource = 'https://mcp.example.com/mcp';
export const metadataUrl = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
export const verifier = { name: 'jwt', verify: async () => Promise.reject(new Error('unused')) };
export const audit = { emit: ignore };
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
export const assertionKey = new Secret(
  pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
);
export const jwks = {
  keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'ES256' }],
};
export const rule = { name: 'rule', check: ignore };
export const denialStore = {
  name: 'nowhere',
  read: async () => undefined,
  replace: async () => false,
};
export const redis = {
  get: async () => null,
  eval: async () => [],
  evalsha: async () => [],
  set: async () => 'OK',
  defineCommand: ignore,
};
const nothing = async () => undefined;
export const keyStore = {
  name: 'memory',
  isLocal: true,
  find: nothing,
  list: async () => [],
  add: nothing,
  revoke: async () => false,
  touch: nothing,
};
export const redisKeys = {
  hmget: async () => [null, null, null],
  hget: async () => null,
  hset: async () => 0,
  hdel: async () => 0,
  hscan: async () => ['0', []],
  eval: async () => 1,
};
export const clientAuthentication = {
  canChange: false,
  present: async () => ({ headers: {}, parameters: {} }),
};

export const guardOptions = (): Parameters<typeof createGuard>[0] => ({
  verifier,
  rateLimiter: createMemoryRateLimiter(),
  audit,
  scopePolicy: createScopePolicy(),
  resourceMetadataUrl: metadataUrl,
  requiredScopes: ['notes:read'],
});

export const gate = (): ReturnType<typeof createMcpGate> =>
  createMcpGate({
    resource,
    guard: createGuard(guardOptions()),
    authorizationServers: [issuer],
    scopes: { tools: { read_note: ['notes:read'] } },
  } as never);

/** A key that may sign, for the assertions of a client. */
export async function signingKey(): Promise<webcrypto.CryptoKey> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  return privateKey;
}
