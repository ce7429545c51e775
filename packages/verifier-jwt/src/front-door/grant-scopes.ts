/** Scopes for callers whose tokens have none: an explicit list says who gets which. */
import {
  assertScopes,
  ConfigError,
  check,
  checkArgument,
  type Principal,
  type TokenVerifier,
} from '@sallyport/core';

/**
 * Who gets which scopes. Each name says what it compares: `subject:` the exact `sub`, `email:` the `email` in any
 * letter case, `domain:` the exact `hd` claim of Google Workspace. A caller gets the scopes of every name that fits.
 */
export type ScopeGrants = Readonly<Record<string, readonly string[]>>;

const domain = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/;
const forms: Readonly<Record<string, RegExp>> = {
  subject: /^[^\s*]+$/,
  email: /^[^\s*@]+@[^\s*@]+\.[^\s*@]+$/,
  domain,
};

/**
 * Puts the scopes of a list in place of those of the tokens. A caller whom the list does not name has no scope.
 *
 * It compares `email` and `hd` as the issuer vouches for them. An `email` beside `email_verified: false` does not
 * count.
 *
 * @throws {ConfigError} When a name is not of one of the three forms, or a scope is none.
 */
export function grantScopes(given: TokenVerifier, grants: ScopeGrants): TokenVerifier {
  const verifier = checkArgument('jwt.verifier', given, check.verifier) as TokenVerifier;
  const granted = readGrants(
    checkArgument('jwt.scopeGrants', grants, check.recordOf(check.texts)) as ScopeGrants,
  );
  const scopesOf = ({ subject, claims }: Principal): ReadonlySet<string> => {
    const { email, email_verified: isVerified, hd } = claims;
    const names = [`subject:${subject}`];
    if (typeof email === 'string' && isVerified !== false)
      names.push(`email:${email.toLowerCase()}`);
    if (typeof hd === 'string') names.push(`domain:${hd}`);
    return new Set(names.flatMap((name) => granted.get(name) ?? []));
  };
  return {
    name: verifier.name,

    async verify(token, context) {
      const principal = await verifier.verify(token, context);
      return Object.freeze({ ...principal, scopes: scopesOf(principal) });
    },

    ...(verifier.readings !== undefined && { readings: () => readingsOf(verifier) }),
    prepare: async () => verifier.prepare?.(),
    close: async () => verifier.close?.(),
  };
}

function readingsOf(verifier: TokenVerifier): ReturnType<NonNullable<TokenVerifier['readings']>> {
  return verifier.readings?.() ?? { cacheHits: 0, cacheMisses: 0, cachedTokens: 0 };
}

function readGrants(grants: ScopeGrants): ReadonlyMap<string, readonly string[]> {
  const option = 'jwt.scopeGrants';
  const read = new Map<string, readonly string[]>();
  for (const [name, scopes] of Object.entries(grants)) {
    const colon = name.indexOf(':');
    const kind = name.slice(0, colon);
    const value = kind === 'subject' ? name.slice(colon + 1) : name.slice(colon + 1).toLowerCase();
    if (colon === -1 || !Object.hasOwn(forms, kind) || forms[kind]?.test(value) !== true) {
      throw new ConfigError(
        option,
        `${JSON.stringify(name)} names nobody: write subject:<sub>, email:<address> or domain:<Workspace domain>. There are no wildcards`,
      );
    }
    assertScopes(`${option}.${name}`, scopes);
    const key = `${kind}:${value}`;
    if (read.has(key)) throw new ConfigError(option, `names ${JSON.stringify(key)} twice`);
    read.set(key, [...scopes]);
  }
  return read;
}
