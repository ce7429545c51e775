import { ConfigError, type Environment, Secret } from '@sallyport/core';
import { type IntrospectionSettings, readIntrospection } from './introspection-settings.ts';
import type { VariableReader } from './variable-reader.ts';

/** What the names of all variables about authentication begin with. */
export const prefix = 'FASTMCP_SERVER_AUTH_';

/** How callers sign in. */
export type Authentication =
  | { readonly type: 'local' }
  | { readonly type: 'static'; readonly tokens: StaticTokens }
  | IntrospectionSettings
  | {
      readonly type: 'jwt';
      readonly issuer: string;
      readonly audience: string;
      readonly algorithm: string;
      readonly keys: { readonly jwksUri: string } | { readonly publicKey: Secret };
      readonly clockSkewSeconds: number;
      readonly jwksCacheTtlSeconds: number;
    };

type StaticTokens = Readonly<
  Record<string, { readonly clientId: string; readonly scopes: readonly string[] }>
>;

/** Problems are left with `read`; what is returned then is never used. */
export function readAuthentication(
  read: VariableReader,
  environment: Environment,
  audience: string | undefined,
): Authentication {
  const type = read.text(`${prefix}TYPE`);
  switch (type) {
    case 'jwt':
      return readJwt(read, audience);
    case 'introspection':
      return readIntrospection(read);
    case 'static':
      return { type, tokens: readStaticTokens(read) };
    case undefined:
      if (!environment.isProduction && !isPartlySet(read)) return { type: 'local' };
      read.problem(
        `${prefix}TYPE`,
        'is missing. Set it to jwt or introspection, and see the README for the rest',
      );
      return { type: 'local' };
    default:
      read.problem(
        `${prefix}TYPE`,
        'must be jwt, introspection or static (static for development only)',
      );
      return { type: 'local' };
  }
}

function isPartlySet(read: VariableReader): boolean {
  return read.hasAny(`${prefix}JWT_`) || read.hasAny(`${prefix}INTROSPECTION_`);
}

function readJwt(read: VariableReader, audience: string | undefined): Authentication {
  const jwksUri = read.text(`${prefix}JWT_JWKS_URI`);
  const publicKey = read.text(`${prefix}JWT_PUBLIC_KEY`);
  if (audience === undefined) {
    read.problem(
      `${prefix}JWT_AUDIENCE`,
      "is missing. Set it to what your tokens' aud claim holds",
    );
  }
  if ((jwksUri === undefined) === (publicKey === undefined)) {
    read.problem(
      `${prefix}JWT_JWKS_URI`,
      `set either this or ${prefix}JWT_PUBLIC_KEY, and not both`,
    );
  }
  return {
    type: 'jwt',
    issuer: read.required(
      `${prefix}JWT_ISSUER`,
      "Set it to what your tokens' iss claim holds, character by character",
    ),
    audience: audience ?? '',
    algorithm: read.text(`${prefix}JWT_ALGORITHM`) ?? 'RS256',
    keys:
      publicKey === undefined ? { jwksUri: jwksUri ?? '' } : { publicKey: new Secret(publicKey) },
    clockSkewSeconds: read.integer(`${prefix}JWT_CLOCK_SKEW`, {
      minimum: 0,
      maximum: 120,
      fallback: 60,
    }),
    jwksCacheTtlSeconds: read.integer(`${prefix}JWT_JWKS_CACHE_TTL`, {
      minimum: 1,
      maximum: 86_400,
      fallback: 3_600,
    }),
  };
}

// The token of the quick start, which the static verifier lets in on loopback only.
const quickStartTokens: StaticTokens = {
  'dev-token-12345': { clientId: 'developer@example.com', scopes: ['read:data', 'write:data'] },
};

function readStaticTokens(read: VariableReader): StaticTokens {
  const name = `${prefix}STATIC_TOKENS`;
  const text = read.text(name);
  if (text === undefined) return quickStartTokens;
  const shape = 'must be JSON like {"<token>": {"client_id": "me", "scopes": ["read:data"]}}';
  return (
    read.attempt(() => {
      const tokens = Object.entries(parseObject(name, text, shape));
      return Object.fromEntries(
        tokens.map(([token, entry]) => [token, toEntry(name, entry, shape)]),
      );
    }) ?? {}
  );
}

function parseObject(name: string, text: string, shape: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // What JSON.parse says quotes the text, which holds tokens.
  }
  throw new ConfigError(name, shape);
}

function toEntry(name: string, entry: unknown, shape: string): StaticTokens[string] {
  const { client_id: clientId, scopes = [] } = (entry ?? {}) as Record<string, unknown>;
  const isList = Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string');
  if (typeof clientId !== 'string' || !isList) throw new ConfigError(name, shape);
  return { clientId, scopes };
}
