import { createHash, X509Certificate } from 'node:crypto';
import { detectEnvironment } from '@sallyport/core';
import { createMtlsConstraint } from '@sallyport/mtls';
import { protect } from '@sallyport/protect/fetch';
import { startAuthorizationServer } from '@sallyport/testing';

const resource = 'https://mcp.example.com/mcp';
const server = await startAuthorizationServer({ resources: [{ resource, scopes: [] }] });

const gated = await protect(
  {
    resource,
    // In production: the address of the authorization server.
    issuer: server.issuer,
    tools: {},
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    // What `proxy_set_header X-SSL-Client-Cert $ssl_client_escaped_cert;` of nginx sends.
    senderConstraints: [
      createMtlsConstraint({
        header: 'X-SSL-Client-Cert',
        format: 'escaped-pem',
        proxyReplacesHeader: true,
      }),
    ],
  },
  () => new Response('let in'),
);

/** What the proxy hands on for a client that has shown this certificate. */
export async function statusFor(bound: string, shown: string): Promise<number> {
  const { raw } = new X509Certificate(bound);
  const thumbprint = createHash('sha256').update(raw).digest('base64url');
  const token = await server.mintToken({ cnf: { 'x5t#S256': thumbprint } });
  const headers = {
    Authorization: `Bearer ${token}`,
    'X-SSL-Client-Cert': encodeURIComponent(shown),
  };
  return (await gated(new Request(resource, { headers }))).status;
}

export const stop = (): Promise<void> => server.stop();
