/** Where the tokens of an audit come from: a key, an issuer or a single token. */
import { randomUUID } from 'node:crypto';
import type { AuditSettings } from '../options.ts';
import { algorithmOf, encode, readKey, type SigningKey, signSegments } from './sign.ts';

type Members = Readonly<Record<string, unknown>>;

/** A token that is a JWT, in parts. */
export interface DecodedToken {
  readonly header: Members;
  readonly claims: Members;
  /** The three segments. */
  readonly segments: readonly [header: string, payload: string, signature: string];
}

/** Signs with the key of the options. */
interface RawSigner {
  readonly key: SigningKey;
  readonly algorithm: string;
  /** The header and the claims of a good token. */
  readonly good: () => { readonly header: Members; readonly claims: Members };
}

/** What tokens can be had. */
export interface TokenSource {
  /** Issues a token with these changes. `undefined`: there is neither an issuer nor a key. */
  readonly mint?: (claims?: Members, header?: Members) => Promise<string>;
  readonly signer?: RawSigner;
}

/** Splits a JWT. `undefined`: the token is something else, such as a reference. */
export function decodeToken(token: string): DecodedToken | undefined {
  const segments = token.split('.');
  if (segments.length !== 3) return undefined;
  try {
    const [header, claims] = segments
      .slice(0, 2)
      .map((segment) => JSON.parse(Buffer.from(segment, 'base64url').toString('utf8')) as Members);
    if (header === undefined || claims === undefined) return undefined;
    return { header, claims, segments: segments as unknown as DecodedToken['segments'] };
  } catch {
    return undefined;
  }
}

/** @param scopes Scopes of good tokens. `undefined`: what the issuer gives. */
export function createTokenSource(
  { key: given, issuer, resource }: AuditSettings,
  scopes: readonly string[] | undefined,
): TokenSource {
  const scope = scopes === undefined ? {} : { scope: scopes.join(' ') };
  if (given === undefined) {
    return issuer === undefined
      ? {}
      : { mint: (claims, header) => issuer.mintToken({ ...scope, ...claims }, header) };
  }
  const key = readKey(given.jwk);
  const algorithm = `${given.jwk['alg'] ?? algorithmOf(key)}`;
  const { kid } = given.jwk;
  const good: RawSigner['good'] = () => {
    const now = Math.floor(Date.now() / 1_000);
    return {
      header: { alg: algorithm, typ: 'at+jwt', kid },
      claims: {
        ...{ iss: given.issuer, aud: given.audience ?? resource, sub: 'sallyport-audit' },
        ...{ client_id: 'sallyport-audit', iat: now, exp: now + 600, ...scope },
        jti: randomUUID(),
        ...given.claims,
      },
    };
  };
  return {
    signer: { key, algorithm, good },
    async mint(claims, header) {
      const base = good();
      return signSegments(
        encode(JSON.stringify({ ...base.header, ...header })),
        encode(JSON.stringify({ ...base.claims, ...claims })),
        key,
        algorithm,
      );
    },
  };
}
