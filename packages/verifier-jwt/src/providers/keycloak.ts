import { type Checks, type ClaimPath, check, checkOptions } from '@sallyport/core';
import type { AudienceOptions, TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readBaseUrl, readSegment, refuseOption } from './identifiers.ts';
import {
  audienceChecks,
  type SelfHostedProviderOptions,
  selfHostedChecks,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.keycloak`. Without an audience mapper, `clientIds` is what there is. */
export type KeycloakOptions = SelfHostedProviderOptions &
  AudienceOptions & {
    /** Where Keycloak is, as its tokens have it, such as `https://sso.acme.com`. */
    readonly baseUrl: string;
    readonly realm: string;
    /** Takes roles for scopes, in place of `scope`: the realm's, or those of one client. */
    readonly roles?: 'realm' | { readonly client: string };
  };

const optionChecks: Checks<KeycloakOptions> = {
  ...selfHostedChecks,
  ...audienceChecks,
  audience: check.optional(audienceChecks.audience),
  baseUrl: check.text,
  realm: check.text,
  roles: check.optional(
    check.either(
      'must be realm, or an object with client',
      check.oneOf('realm'),
      check.options<{ client: string }>({ client: check.text }),
    ),
  ),
};

/**
 * Access tokens of a realm of Keycloak.
 *
 * The issuer follows the host name that Keycloak runs under. Tokens have a `sub` only with the
 * client scope `basic`, and before version 25 repeat a client's `nonce`: either is refused.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function keycloak(given: KeycloakOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const { baseUrl, realm, environment, audience } = options;
  const base = readBaseUrl('baseUrl', baseUrl, environment);
  if ([audience].flat().includes('account')) {
    refuseOption('audience', 'must not be account, which tokens for anybody have: add a mapper');
  }
  const issuer = `${base}/realms/${readSegment('realm', realm)}`;
  return trustProvider(options, options, {
    issuer,
    jwksUrl: `${issuer}/protocol/openid-connect/certs`,
    algorithms: ['RS256'],
    profile: 'legacy',
    clientIdClaims: ['azp'],
    scopeClaims: [scopePath(options.roles)],
    // What DPoP binds to its sender says so here, and in `cnf`.
    requiredClaims: { typ: ['Bearer', 'DPoP'] },
  });
}

function scopePath(roles: KeycloakOptions['roles']): ClaimPath {
  if (roles === undefined) return 'scope';
  if (roles === 'realm') return ['realm_access', 'roles'];
  return ['resource_access', readSegment('roles', roles.client), 'roles'];
}
