import { type Checks, check } from '@sallyport/core';
import { readHost } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
} from './provider-options.ts';

/** Options for `providers.google`. */
interface GoogleOptions extends ProviderOptions, RequiredAudience {
  /**
   * The Workspace domain (`hd`) whose accounts are accepted. Their address must be verified.
   * Default: every Google account is accepted.
   */
  readonly hostedDomain?: string;
}

const issuers = /^(?:https:\/\/)?accounts\.google\.com$/;

/**
 * Trusts ID tokens of Google accounts and service accounts. The audience is the OAuth client id, or
 * the URL that a service account asked for.
 *
 * Google's access tokens are opaque, and are refused. ID tokens have no scopes.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const google: Provider<GoogleOptions> = {
  name: 'google',
  title: 'Google',
  withoutScopes: true,
  options: (): Checks<GoogleOptions> => ({
    ...providerChecks,
    ...audienceChecks,
    hostedDomain: check.optional(check.text),
  }),

  describe(options) {
    const { hostedDomain } = options;
    return {
      issuer: 'https://accounts.google.com',
      issuerAliases: ['accounts.google.com'],
      jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs',
      recipients: options,
      algorithms: ['RS256'],
      profile: 'id-token',
      clientIdClaims: ['azp'],
      ...(hostedDomain !== undefined && {
        requiredClaims: { hd: readHost('hostedDomain', hostedDomain), email_verified: true },
      }),
    };
  },

  tenant: {
    allowed: 'the domain of your Workspace, such as `acme.com`; without it, any account will do',
    example: 'acme-corp.dev',
    form: /^(.*)$/,
    options: (hostedDomain) => (hostedDomain === '' ? {} : { hostedDomain }),
    whenAbsent: (clients) =>
      `every Google account can sign in. Set it to the domain of your Workspace, or ${clients} to the service accounts`,
  },
  audience: 'server',
  issuers,
  recognise: (issuer) => (issuers.test(issuer) ? {} : undefined),
  issuerMistakes: [
    [
      /^https:\/\/accounts\.google\.com\/+$/,
      'must not end with a slash: the issuers of Google have none. Remove the slash',
    ],
  ],
  keyHost: 'www.googleapis.com',
  keyMistakes: [
    [
      /googleapis\.com\/(?:oauth2\/v1\/certs|robot\/v1\/metadata\/x509)/,
      'leads to certificates, and must lead to a JWK set: https://www.googleapis.com/oauth2/v3/certs',
    ],
  ],
  opaqueTokens: [[/^ya29\./, 'an opaque access token of Google, which only Google can check']],
};
