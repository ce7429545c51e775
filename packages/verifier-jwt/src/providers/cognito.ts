import { type Checks, check, checkOptions } from '@sallyport/core';
import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readMatch, refuseOption } from './identifiers.ts';
import {
  audienceChecks,
  type OneOrMore,
  type ProviderOptions,
  providerChecks,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.cognito`. */
export interface CognitoOptions extends ProviderOptions {
  /** Such as `eu-central-1`. */
  readonly region: string;
  /** Such as `eu-central-1_AbCdEfGhI`. */
  readonly userPoolId: string;
  /** The app clients whose tokens are accepted. */
  readonly clientIds: OneOrMore<string>;
  /** This server, where managed login binds tokens to a resource. Default not judged. */
  readonly audience?: string | OneOrMore<string>;
}

const optionChecks: Checks<CognitoOptions> = {
  ...providerChecks,
  ...audienceChecks,
  audience: check.optional(audienceChecks.audience),
  region: check.text,
  userPoolId: check.text,
};

/**
 * Access tokens of an Amazon Cognito user pool. They have no audience, unless clients use resource
 * binding; the allowed app clients stand in for it.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function cognito(given: CognitoOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const { clientIds, audience } = options;
  const region = readMatch('region', options.region, /^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region');
  const form = /^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]+$/;
  const pool = readMatch('userPoolId', options.userPoolId, form, 'a region, _ and a name');
  if (!pool.startsWith(`${region}_`)) refuseOption('userPoolId', 'is in another region');
  if (clientIds === undefined) refuseOption('clientIds', 'must name the app clients');
  const issuer = `https://cognito-idp.${region}.amazonaws.com/${pool}`;
  return trustProvider(options, audience === undefined ? { clientIds } : { audience, clientIds }, {
    issuer,
    jwksUrl: `${issuer}/.well-known/jwks.json`,
    algorithms: ['RS256'],
    profile: 'legacy',
    clientIdClaims: ['client_id'],
    scopeClaims: ['scope'],
    requiredClaims: { token_use: 'access' },
  });
}
