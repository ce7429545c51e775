import { contractNowSeconds, testContext } from '@sallyport/contract-tests';
import type { AuthErrorCode, TokenVerifier } from '@sallyport/core';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { createJwtVerifier, type JwtVerifierOptions, localJwks } from '../src/index.ts';

export const issuer = 'https://auth.example.com';
export const audience = 'https://mcp.example.com/mcp';
export const now = contractNowSeconds;

export const es256 = await generateKeyPair('ES256', { extractable: true });
export const rs256 = await generateKeyPair('RS256', { extractable: true });
export const otherEs256 = await generateKeyPair('ES256', { extractable: true });

export const jwks = {
  keys: [
    { ...(await exportJWK(es256.publicKey)), kid: 'es', alg: 'ES256', use: 'sig' },
    { ...(await exportJWK(rs256.publicKey)), kid: 'rs', alg: 'RS256', use: 'sig' },
  ],
};

export const goodOptions = {
  issuer,
  audience,
  algorithms: ['ES256', 'RS256'],
  keys: localJwks(jwks),
} as const satisfies JwtVerifierOptions;

export const goodClaims: JWTPayload = {
  iss: issuer,
  aud: audience,
  sub: 'user-1',
  client_id: 'client-1',
  scope: 'notes:read notes:write',
  iat: now,
  exp: now + 300,
};

type Changes = Readonly<Record<string, unknown>>;

/** Signs the good claims with `claims` in their place; `undefined` leaves one out. */
export function mint(claims: Changes = {}, header: Changes = {}): Promise<string> {
  return new SignJWT({ ...goodClaims, ...claims })
    .setProtectedHeader(
      JSON.parse(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'es', ...header })),
    )
    .sign(es256.privateKey);
}

/** Encodes as a segment: text as it is, everything else as JSON. */
export function segment(value: unknown): string {
  const bytes = Buffer.isBuffer(value) ? value : undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (bytes ?? Buffer.from(text)).toString('base64url');
}

const encoder = new TextEncoder();

/** Signs segments that no library would make. */
export async function signSegments(header: unknown, payload: unknown): Promise<string> {
  const input = `${segment(header)}.${segment(payload)}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, es256.privateKey, encoder.encode(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

export const goodHeader = { alg: 'ES256', typ: 'at+jwt', kid: 'es' };

/** How a verification ended: `verified`, or the code and detail of the refusal. */
export async function judge(
  token: string,
  verifier: TokenVerifier = createJwtVerifier(goodOptions),
  nowSeconds: number = now,
): Promise<{ code: AuthErrorCode | 'verified'; detail?: string | undefined }> {
  try {
    await verifier.verify(token, testContext({ nowSeconds }));
    return { code: 'verified' };
  } catch (error) {
    const { name, code, detail } = error as { name: string; code: AuthErrorCode; detail?: string };
    if (name !== 'AuthError') throw error;
    return { code, detail };
  }
}
