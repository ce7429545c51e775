import { randomUUID } from 'node:crypto';
import type { Issuer } from './issuer.ts';

/** What the tokens say, and what every contestant is told to check. */
export const issuerName = 'https://auth.example.com';
export const audience = 'https://mcp.example.com/mcp';

/** One RFC 9068 access token. Every one is different; under RS256 it has about 750 characters. */
export function mintToken(issuer: Issuer, claims: Readonly<Record<string, unknown>> = {}): string {
  const { algorithm, jwk } = issuer;
  const now = Math.floor(Date.now() / 1_000);
  const id = randomUUID();
  const header = encode({ alg: algorithm, typ: 'at+jwt', kid: jwk.kid });
  const payload = encode({
    iss: issuerName,
    sub: `user-${id.slice(0, 8)}`,
    aud: audience,
    client_id: 'notes-client',
    scope: 'notes:read notes:write offline_access',
    iat: now,
    exp: now + 3_600,
    jti: id,
    ...claims,
  });
  const input = `${header}.${payload}`;
  return flat(`${input}.${issuer.sign(input).toString('base64url')}`);
}

/** Many different tokens. */
export function mintTokens(
  issuer: Issuer,
  count: number,
  claims?: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Array.from({ length: count }, () => mintToken(issuer, claims));
}

/** The same token with one character in the middle of its signature changed. */
export function tamperSignature(token: string): string {
  const middle = Math.floor((token.lastIndexOf('.') + token.length) / 2);
  const other = token[middle] === 'A' ? 'B' : 'A';
  return flat(token.slice(0, middle) + other + token.slice(middle + 1));
}

/** The same token with more rights than it was signed for. */
export function tamperClaims(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return flat(`${header}.${encode({ ...claims, scope: 'notes:admin' })}.${signature}`);
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** One piece, as the text of a header is: joined strings are put together only when first read. */
const flat = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');
