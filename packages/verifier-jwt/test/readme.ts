import { detectEnvironment } from '@sallyport/core';
import { createJwtVerifier, remoteJwks } from '@sallyport/verifier-jwt';

const issuer = process.env['ISSUER'] ?? 'https://auth.example.com';

export const verifier = createJwtVerifier({
  issuer,
  audience: 'https://mcp.example.com/mcp',
  algorithms: ['RS256'],
  keys: remoteJwks({ url: `${issuer}/jwks`, environment: detectEnvironment(process.env) }),
});

export async function whoSent(token: string): Promise<string> {
  const principal = await verifier.verify(token, {
    nowSeconds: Math.floor(Date.now() / 1_000),
    signal: AbortSignal.timeout(10_000),
    allowRemote: true,
  });
  return `${principal.subject} through ${principal.clientId}`;
}
