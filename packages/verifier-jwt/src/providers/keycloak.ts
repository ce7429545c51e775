import { type Checks, type ClaimPath, check } from '@sallyport/core';
import type { AudienceOptions } from '../issuer/trusted-issuer.ts';
import { readBaseUrl, readSegment, refuseOption } from './identifiers.ts';
import type { Mistake, Provider } from './provider.ts';
import {
  audienceChecks,
  type SelfHostedProviderOptions,
  selfHostedChecks,
} from './provider-options.ts';

/** Options for `providers.keycloak`. Set `clientIds` if no client has an audience mapper. */
type KeycloakOptions = SelfHostedProviderOptions &
  AudienceOptions & {
    /** The address of Keycloak as its tokens have it, such as `https://sso.acme.com`. */
    readonly baseUrl: string;
    /** The name of the realm. */
    readonly realm: string;
    /** Reads scopes from the roles of the realm or of one client, in place of `scope`. */
    readonly roles?: 'realm' | { readonly client: string };
  };

const mistakes: readonly Mistake[] = [
  [/\/admin\/realms\//, 'is the address of the admin interface of Keycloak. Remove /admin'],
  [
    /\/realms\/[^/]+\/$/,
    'must not end with a slash: the issuers of Keycloak have none. Remove the slash',
  ],
];

/**
 * Trusts access tokens of a realm of Keycloak.
 *
 * The issuer follows the host name of Keycloak. A token without `sub` is refused: add the client
 * scope `basic`. Before version 25, Keycloak copies the `nonce` of its client into access tokens.
 * They are refused as ID tokens then.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const keycloak: Provider<KeycloakOptions> = {
  name: 'keycloak',
  title: 'Keycloak',
  isSelfHosted: true,
  options: (): Checks<KeycloakOptions> => ({
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
  }),

  describe(options) {
    const { baseUrl, realm, environment, audience } = options;
    const base = readBaseUrl('baseUrl', baseUrl, environment);
    if ([audience].flat().includes('account')) {
      refuseOption(
        'audience',
        'must not be account, which every token has: add an audience mapper',
      );
    }
    const issuer = `${base}/realms/${readSegment('realm', realm)}`;
    return {
      issuer,
      jwksUrl: `${issuer}/protocol/openid-connect/certs`,
      recipients: options,
      algorithms: ['RS256'],
      profile: 'legacy',
      clientIdClaims: ['azp'],
      scopeClaims: [scopePath(options.roles)],
      // A token with a DPoP binding has this type, and `cnf`.
      requiredClaims: { typ: ['Bearer', 'DPoP'] },
    };
  },

  tenant: {
    allowed: 'the issuer, such as `https://sso.acme.com/realms/acme`',
    example: 'https://sso.acme-corp.dev/realms/acme',
    form: /^(https?:\/\/.+)\/realms\/([^/]+)$/,
    options: (baseUrl, realm) => ({ baseUrl, realm }),
    mistakes,
  },
  audience: 'server',
  issuers: /^https?:\/\/[^/]+(?:\/auth)?\/realms\/[^/]+$/,
  issuerMistakes: mistakes,
  audienceMistakes: [
    [
      /^account$/,
      'the default audience of Keycloak: add an audience mapper for this server to the client',
    ],
  ],
};

function scopePath(roles: KeycloakOptions['roles']): ClaimPath {
  if (roles === undefined) return 'scope';
  if (roles === 'realm') return ['realm_access', 'roles'];
  return ['resource_access', readSegment('roles', roles.client), 'roles'];
}
