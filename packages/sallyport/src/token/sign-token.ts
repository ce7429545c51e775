import { createHmac } from 'node:crypto';
import type { Config } from '@sallyport/config';

/** What the token says. */
export interface SignedClaims {
  /** Default: the scopes that every operation needs. */
  readonly scope: string | undefined;
  readonly nowSeconds: number;
}

const lifetimeSeconds = 3_600;
const digests: Readonly<Record<string, string>> = {
  HS256: 'sha256',
  HS384: 'sha384',
  HS512: 'sha512',
};

/** Signs a token with the shared secret of the settings. It lives for an hour. */
export function signToken(config: Config, { scope, nowSeconds }: SignedClaims): string {
  const { authentication, requiredScopes } = config;
  if (authentication.type !== 'jwt' || authentication.keys.kind !== 'hmac') {
    throw new TypeError('needs a shared secret');
  }
  const { issuer, audience, algorithm = 'HS256', keys } = authentication;
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg: algorithm, typ: 'JWT' });
  const claims = encode({
    iss: issuer,
    aud: audience,
    sub: 'developer',
    client_id: 'sallyport-token',
    scope: scope ?? requiredScopes.join(' '),
    iat: nowSeconds,
    exp: nowSeconds + lifetimeSeconds,
  });
  const signature = createHmac(digests[algorithm] ?? 'sha256', keys.key.reveal())
    .update(`${header}.${claims}`)
    .digest('base64url');
  return `${header}.${claims}.${signature}`;
}
