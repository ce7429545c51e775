/** Tokens of every kind that the error pages are about, signed by an issuer of the test. */
import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export const issuer = 'https://auth.example.com';
export const resource = 'http://localhost:8000/mcp';

/** An issuer with one key, and what it issues. */
export interface TestIssuer {
  readonly jwks: { readonly keys: readonly object[] };
  /** A token of one of the kinds below. */
  issue(kind: string): Promise<string>;
  /** A DPoP proof for a token, of the key that bound tokens are bound to. */
  prove(token: string): Promise<string>;
}

export async function createTestIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const other = await generateKeyPair('RS256');
  const holder = await generateKeyPair('ES256');
  const jwk = await exportJWK(holder.publicKey);
  const jkt = await calculateJwkThumbprint(jwk);
  const now = Math.floor(Date.now() / 1_000);
  const good: JWTPayload = {
    iss: issuer,
    aud: resource,
    sub: 'ada',
    client_id: 'notes-web',
    jti: 'token-1',
    scope: 'notes:read',
    iat: now,
    exp: now + 600,
  };
  const sign = (claims: JWTPayload, header: object = {}, key = privateKey) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'one', ...header })
      .sign(key);

  const kinds: Readonly<Record<string, () => Promise<string> | string>> = {
    good: () => sign(good),
    malformed: () => 'not-a-jwt',
    unknown_key: () => sign(good, { kid: 'two' }, other.privateKey),
    forged: () => sign(good, {}, other.privateKey),
    hs256: () =>
      new SignJWT(good)
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .sign(new TextEncoder().encode('vW8x2kQ0rN5tJ7yB3mZ6cD9fH1gL4pSa')),
    proof: () => sign(good, { typ: 'dpop+jwt' }),
    bound: () => sign({ ...good, cnf: { jkt } }),
    expired: () => sign({ ...good, iat: now - 4_001, exp: now - 3_601 }),
    early: () => sign({ ...good, nbf: now + 3_600, exp: now + 4_000 }),
    other_issuer: () => sign({ ...good, iss: 'https://auth.example.com/' }),
    other_audience: () => sign({ ...good, aud: 'http://localhost:8000/mcp/' }),
    no_client: () => sign({ ...good, client_id: undefined }),
    long_lived: () => sign({ ...good, exp: now + 30 * 86_400 }),
    inactive: () => 'a-token-that-was-revoked',
    narrow: () => sign({ ...good, scope: 'profile' }),
  };

  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] },
    async issue(kind) {
      const make = kinds[kind];
      if (make === undefined) throw new Error(`there is no token of the kind ${kind}`);
      return make();
    },
    prove: (token) =>
      new SignJWT({
        jti: randomUUID(),
        htm: 'POST',
        htu: resource,
        ath: createHash('sha256').update(token).digest('base64url'),
      })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
        .setIssuedAt()
        .sign(holder.privateKey),
  };
}
