import { type Checks, check } from '@sallyport/core';
import { readBaseUrl, readSegment, refuseOption } from './identifiers.ts';
import type { Mistake, Provider } from './provider.ts';
import {
  type OneOrMore,
  type SelfHostedProviderOptions,
  selfHostedChecks,
} from './provider-options.ts';

/** Options for `providers.authentik`. */
interface AuthentikOptions extends SelfHostedProviderOptions {
  /** The address of authentik, such as `https://sso.acme.com`. */
  readonly baseUrl: string;
  /** The slug of the application. */
  readonly slug: string;
  /** The client ids of the application's provider. Its tokens have them as audience, too. */
  readonly clientIds: OneOrMore<string>;
}

const withoutSlash: Mistake = [
  /\/application\/o\/[^/]+$/,
  'must end with a slash: the issuers of authentik do. Add the slash',
];

/**
 * Trusts access tokens of an application of authentik, in the issuer mode "each provider".
 *
 * The provider needs a signing key. Without one it signs with the secret of the client (HS256), which
 * is refused. An access token with a `nonce` is refused as an ID token: authentik copies the
 * `nonce` of its client into both.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const authentik: Provider<AuthentikOptions> = {
  name: 'authentik',
  title: 'authentik',
  isSelfHosted: true,
  options: (): Checks<AuthentikOptions> => ({
    ...selfHostedChecks,
    baseUrl: check.text,
    slug: check.text,
    clientIds: check.texts,
  }),

  describe({ baseUrl, slug, clientIds, environment }) {
    const base = readBaseUrl('baseUrl', baseUrl, environment);
    const issuer = `${base}/application/o/${readSegment('slug', slug)}/`;
    if (clientIds === undefined) refuseOption('clientIds', 'must name the client');
    return {
      issuer,
      jwksUrl: `${issuer}jwks/`,
      // ID tokens have the same audience, but only access tokens name their client.
      recipients: { audience: clientIds, clientIds },
      algorithms: ['RS256'],
      profile: 'legacy',
      clientIdClaims: ['azp'],
      scopeClaims: ['scope'],
    };
  },

  tenant: {
    allowed: 'the issuer, such as `https://sso.acme.com/application/o/notes/`',
    example: 'https://sso.acme-corp.dev/application/o/notes/',
    form: /^(https?:\/\/.+)\/application\/o\/([^/]+)\/$/,
    options: (baseUrl, slug) => ({ baseUrl, slug }),
    mistakes: [withoutSlash],
  },
  audience: 'client',
  issuers: /^https?:\/\/[^/]+\/application\/o\/[^/]+\/$/,
  issuerMistakes: [withoutSlash],
};
