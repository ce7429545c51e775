import { createHash, randomUUID } from 'node:crypto';
import { createGuard, createScopePolicy, detectEnvironment } from '@sallyport/core';
import { createDpop } from '@sallyport/dpop';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { fetchGate } from '@sallyport/mcp-adapter/fetch';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { startAuthorizationServer } from '@sallyport/testing';
import { createJwtVerifier, remoteJwks } from '@sallyport/verifier-jwt';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';

const resource = 'https://mcp.example.com/mcp';
const server = await startAuthorizationServer({ resources: [{ resource, scopes: [] }] });

const guard = createGuard({
  verifier: createJwtVerifier({
    issuer: server.issuer,
    audience: resource,
    algorithms: ['RS256'],
    keys: remoteJwks({
      url: server.jwksUri,
      environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    }),
  }),
  // This is the line.
  senderConstraints: [createDpop()],
  rateLimiter: createMemoryRateLimiter(),
  audit: { emit: () => {} },
  scopePolicy: createScopePolicy(),
  resourceMetadataUrl: protectedResourceMetadataUrl(resource),
  requiredScopes: [],
});
const gate = createMcpGate({
  resource,
  authorizationServers: [server.issuer],
  guard,
  scopes: { tools: {} },
});
const gated = fetchGate(gate, () => new Response('let in'));

// A client, with a key of its own and a token that is bound to it.
const { publicKey, privateKey } = await generateKeyPair('ES256');
const jwk = await exportJWK(publicKey);
const token = await server.mintToken({ cnf: { jkt: await calculateJwkThumbprint(jwk) } });
const ath = createHash('sha256').update(token).digest('base64url');
const proof = await new SignJWT({ jti: randomUUID(), htm: 'GET', htu: resource, ath })
  .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
  .setIssuedAt()
  .sign(privateKey);

const statusOf = async (headers: Record<string, string>): Promise<number> =>
  (await gated(new Request(resource, { headers }), '203.0.113.7')).status;

export const holder = await statusOf({ Authorization: `DPoP ${token}`, DPoP: proof });
export const replayed = await statusOf({ Authorization: `DPoP ${token}`, DPoP: proof });
export const stolen = await statusOf({ Authorization: `Bearer ${token}` });

await server.stop();
