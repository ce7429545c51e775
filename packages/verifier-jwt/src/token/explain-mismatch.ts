/**
 * Says how a claim differs from the configuration, in words from a closed list. It may quote what is
 * configured. It never quotes the token. Called on refusals only.
 */
import {
  type Claims,
  explainDifference,
  explainAudience as explainOtherAudience,
  explainIssuer as explainOtherIssuer,
  listNames,
} from '@sallyport/core';

/**
 * How an `aud` differs from the audiences of this server.
 *
 * @param claims For audiences that are the issuer or the client of the very same token.
 */
export function explainAudience(
  audience: readonly string[],
  own: readonly string[],
  claims: Claims,
): string {
  const known = audience.flatMap((value) => explainKnownAudience(value, own, claims) ?? []);
  const others = audience.filter((value) => explainKnownAudience(value, own, claims) === undefined);
  const [first] = known;
  if (first === undefined) return explainOtherAudience(audience, own);
  return explainDifference(others, own) ?? `${first}; configured: ${listNames(own)}`;
}

const fixedAudiences: ReadonlyMap<string, string> = new Map([
  [
    'account',
    'the default audience of Keycloak: add an audience mapper for this server to the client',
  ],
  [
    'authenticated',
    'the fixed audience of Supabase: configure its preset, which checks the client in its place',
  ],
  ...['00000003-0000-0000-c000-000000000000', 'https://graph.microsoft.com'].map(
    (name) =>
      [
        name,
        'for Microsoft Graph: the client must ask for a scope of this server with its full name',
      ] as const,
  ),
]);

/** Audiences that have a meaning of their own. */
function explainKnownAudience(
  value: string,
  own: readonly string[],
  { iss, client_id: client, azp }: Claims,
): string | undefined {
  const bare = value.replace(/\/$/, '');
  const fixed = fixedAudiences.get(bare);
  if (fixed !== undefined) return fixed;
  if (typeof iss === 'string' && iss !== '') {
    const issuer = iss.replace(/\/$/, '');
    if (bare === issuer) return 'the issuer itself: the client must name this server as resource';
    if (value.startsWith(issuer) && bare.endsWith('/userinfo')) {
      return 'for the userinfo endpoint of the issuer: the client must name this server as resource or audience';
    }
  }
  if (value === client || value === azp) {
    return 'the client of the token: an ID token has this, or an access token that was asked for without a resource';
  }
  const pieces = value.split(/[\s,"'[\]]+/).filter((piece) => piece !== '');
  const isList = pieces.length > 1 || /^\[.*\]$/.test(value);
  return isList && pieces.some((piece) => own.includes(piece))
    ? 'a list that is written as text, and must be a JSON array'
    : undefined;
}

/** How an `iss` differs from the trusted issuers. */
export function explainIssuer(iss: unknown, trusted: readonly string[]): string {
  const provider = typeof iss === 'string' ? explainProvider(iss, trusted) : undefined;
  return provider ?? explainOtherIssuer(iss, trusted);
}

function explainProvider(iss: string, trusted: readonly string[]): string | undefined {
  const special = explainEntra(iss, trusted) ?? explainOktaOrganisation(iss, trusted);
  if (special !== undefined || explainDifference([iss], trusted) !== undefined) return special;
  const origin = origins.find(([, pattern]) => pattern.test(iss))?.[0];
  return origin === undefined ? undefined : `${origin}; configured: ${listNames(trusted)}`;
}

/** Whose issuers look like this. */
const origins: readonly (readonly [string, RegExp])[] = [
  ['an issuer on the loopback address', /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/],
  ['an issuer of Google', /^(?:https:\/\/)?accounts\.google\.com$/],
  ['an issuer of Firebase', /^https:\/\/securetoken\.google\.com\//],
  ['an issuer of Entra', /^https:\/\/(?:login\.microsoftonline\.|sts\.windows\.net\/)/],
  ['an issuer of Entra External ID or B2C', /^https:\/\/[\w-]+\.(?:b2clogin|ciamlogin)\.com\//],
  ['an issuer of Cognito', /^https:\/\/cognito-idp\.[\w-]+\.amazonaws\.com\//],
  ['an issuer of Auth0', /^https:\/\/[\w.-]+\.auth0\.com\/?$/],
  ['an issuer of Okta', /^https:\/\/[\w-]+\.okta(?:-emea|preview)?\.com(?:\/|$)/],
  ['an issuer of Keycloak', /^https?:\/\/[^/]+(?:\/auth)?\/realms\/[^/]+$/],
  ['an issuer of GitHub Actions', /^https:\/\/token\.actions\.githubusercontent\.com/],
  ['an issuer of GitLab', /^https:\/\/gitlab\.com$/],
  [
    'an issuer of Kubernetes',
    /^https:\/\/(?:kubernetes\.default|oidc\.eks\.|container\.googleapis)/,
  ],
];

const oktaHost = /^https:\/\/[\w-]+\.okta(?:-emea|preview)?\.com$/;

function explainOktaOrganisation(iss: string, trusted: readonly string[]): string | undefined {
  const bare = iss.replace(/\/$/, '');
  if (!oktaHost.test(bare) || !trusted.some((name) => name.startsWith(`${bare}/oauth2/`))) {
    return undefined;
  }
  return "of Okta's org authorization server, whose tokens only Okta can validate: the client must use the configured one";
}

const guid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const entraVersions = [
  { version: 1, pattern: new RegExp(`^https://sts\\.windows\\.net/(${guid})/$`) },
  { version: 2, pattern: new RegExp(`^https://login\\.microsoftonline\\.com/(${guid})/v2\\.0$`) },
];

function readEntra(issuer: string): { version: number; tenant: string | undefined } | undefined {
  for (const { version, pattern } of entraVersions) {
    const match = pattern.exec(issuer);
    if (match !== null) return { version, tenant: match[1] };
  }
  return undefined;
}

function explainEntra(iss: string, trusted: readonly string[]): string | undefined {
  const found = readEntra(iss);
  if (found === undefined) return undefined;
  for (const name of trusted) {
    const known = readEntra(name);
    if (known?.tenant === found.tenant && known?.version !== found.version) {
      return `a version ${found.version} token of Entra, and version ${known?.version} is configured: set requestedAccessTokenVersion of the API to ${known?.version}, or configure the other issuer`;
    }
  }
  return trusted.some((name) => readEntra(name) !== undefined)
    ? `another tenant of Entra; configured: ${listNames(trusted)}`
    : undefined;
}
