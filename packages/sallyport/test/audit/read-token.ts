/** Tokens as a careless verifier reads them, and good ones. */
import { createHmac, createPublicKey, verify } from 'node:crypto';
import { mintToken } from '@sallyport/testing';
import type { AuditedServer } from './hardened-server.ts';

export type Members = Readonly<Record<string, unknown>>;

/** A token as a careless verifier reads it. */
export interface ReadToken {
  readonly text: string;
  readonly header: Members;
  readonly claims: Members;
  /** The raw texts of header and claims. */
  readonly texts: readonly [header: string, claims: string];
  readonly segments: readonly string[];
  /** Whether the signature is that of the issuer. */
  readonly isSigned: boolean;
  hasSecret(secret: string | Uint8Array): boolean;
}

export const now = () => Date.now() / 1_000;
export const pemOf = ({ jwk }: AuditedServer) =>
  createPublicKey({ key: jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });

/** Whether the claims are good, apart from one. */
export function isGoodBut(token: ReadToken, name: string, server: AuditedServer): boolean {
  const { iss, aud, exp, sub, nbf = 0, iat = 0 } = token.claims as Record<string, never>;
  const checks: Readonly<Record<string, boolean>> = {
    iss: iss === server.issuer,
    aud: [aud].flat().includes(server.url as never),
    exp: typeof exp === 'number' && exp > now() && exp < now() + 90_000,
    sub: typeof sub === 'string' && sub !== '',
    nbf: (nbf as number) < now() + 60 && (iat as number) < now() + 60,
  };
  return (
    token.isSigned && Object.entries(checks).every(([each, isGood]) => each === name || isGood)
  );
}

export function verifies(segments: readonly string[], jwk: unknown): boolean {
  if (typeof jwk !== 'object' || jwk === null) return false;
  return verify(
    'sha256',
    Buffer.from(`${segments[0]}.${segments[1]}`),
    { key: createPublicKey({ key: jwk as never, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(segments[2] ?? '', 'base64url'),
  );
}

const goodTokens = new WeakMap<AuditedServer, string>();

/** The latest good token that the server saw. */
export function lastGood(server: AuditedServer): string | undefined {
  return goodTokens.get(server);
}

/** Reads the token of a request, as generously as anybody does. */
export function readToken(text: string, server: AuditedServer): ReadToken | undefined {
  const segments = text.split('.');
  if (segments.length < 2) return undefined;
  const decode = (segment = '') =>
    Buffer.from(segment, 'base64url')
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  const texts = [decode(segments[0]), decode(segments[1])] as const;
  const parse = (json: string): Members => {
    try {
      const value: unknown = JSON.parse(json);
      return typeof value === 'object' && value !== null ? (value as Members) : {};
    } catch {
      return {};
    }
  };
  const isSigned = segments.length === 3 && verifies(segments, server.jwk);
  if (isSigned) goodTokens.set(server, text);
  return {
    ...{ text, texts, segments, isSigned, header: parse(texts[0]), claims: parse(texts[1]) },
    hasSecret: (secret) =>
      createHmac('sha256', secret).update(`${segments[0]}.${segments[1]}`).digest('base64url') ===
      segments[2],
  };
}

/** A token that the server accepts. */
export function mintGood(
  { jwk, issuer, url }: AuditedServer,
  claims: Members = {},
): Promise<string> {
  return mintToken({
    key: jwk as never,
    header: { alg: 'ES256', typ: 'at+jwt', kid: 'notes-1' },
    claims: {
      ...{
        iss: issuer,
        aud: url,
        sub: 'ada',
        client_id: 'defect',
        scope: 'notes:read notes:write',
      },
      ...{ iat: Math.floor(now()), exp: Math.floor(now()) + 600, jti: `${Math.random()}` },
      ...claims,
    },
  });
}
