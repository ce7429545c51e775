/** Tokens of the issuer of `good`, signed with a shared secret. */
import { mintToken } from '@sallyport/testing';
import { hmacKey } from './set-up.ts';

/** Settings that verify these tokens. */
export const sharedSecret = {
  JWT_ALGORITHM: 'HS256',
  JWT_JWKS_URI: undefined,
  JWT_PUBLIC_KEY: hmacKey,
  RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
};

export function mintWithSecret(
  claims: Readonly<Record<string, unknown>> = {},
  key: string = hmacKey,
): Promise<string> {
  return mintToken({
    key: new TextEncoder().encode(key),
    header: { alg: 'HS256', typ: 'JWT' },
    claims: {
      iss: 'https://id.acme-corp.dev',
      aud: 'https://notes.acme-corp.dev/mcp',
      sub: 'alice',
      exp: Math.floor(Date.now() / 1_000) + 600,
      ...claims,
    },
  });
}
