/** What the mistakes beside it have in common. */
import { detectEnvironment } from '@sallyport/core';
import { type PublicKeySource, remoteJwks } from '../../src/index.ts';

export const issuer = 'https://auth.example.com';
export const audience = 'https://mcp.example.com/mcp';
export const keys: PublicKeySource = remoteJwks({
  url: 'https://auth.example.com/jwks',
  environment: detectEnvironment({}),
});
