import { detectEnvironment, Secret } from '@sallyport/core';
import { clientSecretBasic, createIntrospectionVerifier } from '@sallyport/verifier-introspection';

const issuer = process.env['ISSUER'] ?? 'https://auth.example.com';

export const verifier = createIntrospectionVerifier({
  url: process.env['INTROSPECTION_URL'] ?? `${issuer}/introspect`,
  issuer,
  audience: 'https://mcp.example.com/mcp',
  environment: detectEnvironment(process.env),
  clientAuthentication: clientSecretBasic({
    clientId: 'mcp-server',
    secret: new Secret(process.env['CLIENT_SECRET'] ?? ''),
  }),
});

export async function whoSent(token: string): Promise<string> {
  const principal = await verifier.verify(token, {
    nowSeconds: Math.floor(Date.now() / 1_000),
    signal: AbortSignal.timeout(10_000),
    allowRemote: true,
  });
  return `${principal.subject} through ${principal.clientId}`;
}
