import { createHash, X509Certificate } from 'node:crypto';
import { createGuard, createScopePolicy, detectEnvironment } from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { fetchGate } from '@sallyport/mcp-adapter/fetch';
import { createMtlsConstraint } from '@sallyport/mtls';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { startAuthorizationServer } from '@sallyport/testing';
import { createJwtVerifier, remoteJwks } from '@sallyport/verifier-jwt';

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
  // What `proxy_set_header X-SSL-Client-Cert $ssl_client_escaped_cert;` of nginx sends.
  senderConstraints: [
    createMtlsConstraint({
      header: 'X-SSL-Client-Cert',
      format: 'escaped-pem',
      proxyReplacesHeader: true,
    }),
  ],
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

/** What the proxy hands on for a client that has shown this certificate. */
export async function statusFor(bound: string, shown: string): Promise<number> {
  const { raw } = new X509Certificate(bound);
  const thumbprint = createHash('sha256').update(raw).digest('base64url');
  const token = await server.mintToken({ cnf: { 'x5t#S256': thumbprint } });
  const headers = {
    Authorization: `Bearer ${token}`,
    'X-SSL-Client-Cert': encodeURIComponent(shown),
  };
  return (await gated(new Request(resource, { headers }), '203.0.113.7')).status;
}

export const stop = (): Promise<void> => server.stop();
