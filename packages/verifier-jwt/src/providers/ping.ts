import { type Checks, check, checkOptions } from '@sallyport/core';
import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readGuid, refuseOption } from './identifiers.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
  trustProvider,
} from './provider-options.ts';

const regions = ['com', 'ca', 'eu', 'com.au', 'sg', 'asia'] as const;

/** Options for `providers.ping`. */
export interface PingOptions extends ProviderOptions, RequiredAudience {
  /** The environment's GUID. */
  readonly environmentId: string;
  /** The top-level domain of the environment's region. */
  readonly region: (typeof regions)[number];
}

const optionChecks: Checks<PingOptions> = {
  ...providerChecks,
  ...audienceChecks,
  environmentId: check.text,
  region: check.text,
};

/**
 * Access tokens of PingOne. The audience is that of a custom resource.
 *
 * Tokens that a client has for itself have no `sub`, and are refused. Custom domains, and
 * PingFederate, have other issuers.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function ping(given: PingOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const { region } = options;
  if (!regions.includes(region)) refuseOption('region', `must be among ${regions.join(', ')}`);
  const environmentId = readGuid('environmentId', options.environmentId);
  const issuer = `https://auth.pingone.${region}/${environmentId}/as`;
  return trustProvider(options, options, {
    issuer,
    jwksUrl: `${issuer}/jwks`,
    algorithms: ['RS256'],
    profile: 'legacy',
    clientIdClaims: ['client_id'],
    scopeClaims: ['scope'],
  });
}
