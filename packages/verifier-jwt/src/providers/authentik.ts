import { type Checks, check, checkOptions } from '@sallyport/core';
import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readBaseUrl, readSegment, refuseOption } from './identifiers.ts';
import {
  type OneOrMore,
  type SelfHostedProviderOptions,
  selfHostedChecks,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.authentik`. */
export interface AuthentikOptions extends SelfHostedProviderOptions {
  /** Where authentik is, such as `https://sso.acme.com`. */
  readonly baseUrl: string;
  /** The application's slug. */
  readonly slug: string;
  /** The client ids of the application's provider: its tokens have them for audience too. */
  readonly clientIds: OneOrMore<string>;
}

const optionChecks: Checks<AuthentikOptions> = {
  ...selfHostedChecks,
  baseUrl: check.text,
  slug: check.text,
  clientIds: check.texts,
};

/**
 * Access tokens of an application of authentik, in the issuer mode "each provider".
 *
 * The provider needs a signing key: without one it signs with the client's secret (HS256), which is
 * refused. Access tokens repeat a client's `nonce`, and are refused with it like the ID tokens they
 * then look like.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function authentik(given: AuthentikOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const { clientIds, environment } = options;
  const base = readBaseUrl('baseUrl', options.baseUrl, environment);
  const issuer = `${base}/application/o/${readSegment('slug', options.slug)}/`;
  if (clientIds === undefined) refuseOption('clientIds', 'must name the client');
  return trustProvider(
    options,
    // ID tokens have the same audience, but only access tokens name their client.
    { audience: clientIds, clientIds },
    {
      issuer,
      jwksUrl: `${issuer}jwks/`,
      algorithms: ['RS256'],
      profile: 'legacy',
      clientIdClaims: ['azp'],
      scopeClaims: ['scope'],
    },
  );
}
