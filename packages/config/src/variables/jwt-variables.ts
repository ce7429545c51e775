/** Variables of JWT access tokens. */
import { frontDoors, knownProviders, type Provider } from '@sallyport/verifier-jwt/providers';
import { z } from 'zod';
import {
  exactText,
  list,
  listOfRecords,
  prefix,
  record,
  secretText,
  url,
  type Variable,
  wholeNumber,
  word,
} from './variable.ts';

type Text = Variable<string | undefined>;

export const jwksUri: Text = url('JWT_JWKS_URI', {
  meaning: "Where the issuer's keys are",
});
export const publicKey: Text = secretText('JWT_PUBLIC_KEY', {
  meaning: 'In its place: a public key as PEM or, for HS256, HS384 and HS512, the shared secret',
  otherSecretNames: ['hmac-secret-key'],
});
export const previousKey: Text = {
  ...secretText('JWT_PREVIOUS_KEY', {
    meaning:
      'The shared secret before, for HS256, HS384 and HS512: its tokens are accepted until the time of `…_JWT_PREVIOUS_KEY_UNTIL`. Never for a leaked secret',
  }),
  // Read only where the variable names it.
  secretNames: [],
};
export const previousKeyUntil: Text = {
  ...exactText('JWT_PREVIOUS_KEY_UNTIL', {
    meaning: 'When the previous shared secret ends, within 7 days',
    allowed: 'a time with its zone, such as 2026-12-01T12:00:00Z',
    cure: 'Set it to the time at which the last token of the previous secret expires, such as 2026-12-01T12:00:00Z',
  }),
  schema: () =>
    z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/)
      .refine((text) => !Number.isNaN(Date.parse(text))),
  secretNames: [],
};
export const jwtIssuer: Text = exactText('JWT_ISSUER', {
  meaning: 'The `iss` of your tokens, character by character. Several are separated by commas',
  cure: "Set it to what your tokens' iss claim holds, character by character",
});
/**
 * Each issuer of a list that begins with a URL. Every other text is one value, so that nothing else, such as a key with blanks in it
 * or a reference to a secret, is taken apart and shown in pieces.
 */
export function listedIssuers(text: string): readonly string[] {
  const trimmed = text.trim();
  const listed = trimmed.startsWith('[')
    ? (list('JWT_ISSUER', { meaning: '' }).schema().safeParse(trimmed).data ?? [])
    : trimmed.split(/[\s,]+/).filter(Boolean);
  return /^https?:\/\//.test(listed[0] ?? '') ? listed : [trimmed];
}

type IssuerEntry = Record<string, string | string[]>;
const entry = (): z.ZodType<IssuerEntry> =>
  z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]));
export const jwtIssuers: Variable<readonly IssuerEntry[]> = listOfRecords('JWT_ISSUERS', entry, {
  meaning: 'Several issuers, each with rules and keys of its own, in place of `…_JWT_ISSUER`',
  example:
    '[{"issuer":"https://auth.example.com"},{"provider":"okta","tenant":"acme.okta.com/oauth2/default"}]',
});
export const jwtScopeGrants: Variable<Readonly<Record<string, readonly string[]>> | undefined> =
  record('JWT_SCOPE_GRANTS', () => z.array(z.string()), undefined, {
    meaning: 'Who gets which scopes behind Identity-Aware Proxy, as JSON',
    example: '{"domain:acme.com":["notes:read"]}',
  });
export const jwtAudience: Variable<readonly string[]> = {
  ...list('JWT_AUDIENCE', {
    meaning: 'The `aud` of tokens for this server, or a list of them: one must match exactly',
    cure: "Set it to what your tokens' aud claim holds",
  }),
  isExact: true,
  secretNames: ['jwt-audience'],
};
export const jwtMaximumLifetime: Variable<number | undefined> = wholeNumber(
  `${prefix}JWT_MAX_LIFETIME_SECONDS`,
  { minimum: 60, maximum: 31_536_000, fallback: undefined },
  { meaning: 'Longest time from `iat` to `exp` in seconds; 90000, or what the provider issues' },
);
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
  ...['HS256', 'HS384', 'HS512'],
] as [string, ...string[]];
export const jwtAlgorithm: Variable<string> = word(`${prefix}JWT_ALGORITHM`, algorithms, 'RS256', {
  meaning: 'The one algorithm that tokens are signed with',
});
export const jwtRequiredScopes: Variable<readonly string[]> = list('JWT_REQUIRED_SCOPES', {
  meaning: 'Scopes that every operation needs',
});
export const clockSkew: Variable<number> = wholeNumber(
  `${prefix}JWT_CLOCK_SKEW`,
  { minimum: 0, maximum: 120, fallback: 60 },
  { meaning: 'Seconds of clock difference to forgive' },
);
export const jwksCacheTtl: Variable<number> = wholeNumber(
  `${prefix}JWT_JWKS_CACHE_TTL`,
  { minimum: 1, maximum: 86_400, fallback: 3_600 },
  { meaning: 'Seconds after which the keys are fetched again' },
);
/** The variable that names a preset. */
export function providerVariable(providers: readonly Provider[]): Variable<string | undefined> {
  const names = providers.map(({ name }) => name) as [string, ...string[]];
  return word(`${prefix}JWT_PROVIDER`, names, undefined, {
    meaning: 'A preset that knows issuer, keys and claims of an identity provider',
  });
}
export const jwtProvider: Variable<string | undefined> = providerVariable([
  ...knownProviders,
  ...frontDoors,
]);
export const jwtTenant: Text = {
  ...exactText('JWT_TENANT', { meaning: 'Which tenant of the preset, as the table below says' }),
  hasParts: true,
};
export const jwtClientIds: Variable<readonly string[]> = list('JWT_CLIENT_IDS', {
  meaning: 'Clients whose tokens are accepted',
  cure: 'Set it to the clients whose tokens are accepted: this provider names no audience',
});
