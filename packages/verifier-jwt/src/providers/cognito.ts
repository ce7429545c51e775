import { type Checks, check } from '@sallyport/core';
import { readMatch, refuseOption } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type OneOrMore,
  type ProviderOptions,
  providerChecks,
} from './provider-options.ts';

/** Options for `providers.cognito`. */
interface CognitoOptions extends ProviderOptions {
  /** The AWS region, such as `eu-central-1`. */
  readonly region: string;
  /** The id of the user pool, such as `eu-central-1_AbCdEfGhI`. */
  readonly userPoolId: string;
  /** The app clients whose tokens are accepted. */
  readonly clientIds: OneOrMore<string>;
  /** The names of this server, if managed login binds tokens to a resource. Default: not validated. */
  readonly audience?: string | OneOrMore<string>;
}

/**
 * Trusts access tokens of an Amazon Cognito user pool. They have an audience only with resource
 * binding. So a list of app clients is required.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const cognito: Provider<CognitoOptions> = {
  name: 'cognito',
  title: 'Cognito',
  options: (): Checks<CognitoOptions> => ({
    ...providerChecks,
    ...audienceChecks,
    audience: check.optional(audienceChecks.audience),
    region: check.text,
    userPoolId: check.text,
  }),

  describe(options) {
    const { clientIds, audience } = options;
    const region = readMatch('region', options.region, /^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region');
    const form = /^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]+$/;
    const pool = readMatch('userPoolId', options.userPoolId, form, 'a region, _ and a name');
    if (!pool.startsWith(`${region}_`)) refuseOption('userPoolId', 'is in another region');
    if (clientIds === undefined) refuseOption('clientIds', 'must name the app clients');
    const issuer = `https://cognito-idp.${region}.amazonaws.com/${pool}`;
    return {
      issuer,
      jwksUrl: `${issuer}/.well-known/jwks.json`,
      recipients: audience === undefined ? { clientIds } : { audience, clientIds },
      algorithms: ['RS256'],
      profile: 'legacy',
      clientIdClaims: ['client_id'],
      scopeClaims: ['scope'],
      requiredClaims: { token_use: 'access' },
    };
  },

  tenant: {
    allowed: 'the id of the user pool, such as `eu-central-1_AbCdEfGhI`',
    example: 'eu-central-1_AbCdEfGhI',
    form: /^([a-z]{2}(?:-[a-z]+)+-\d)_([A-Za-z0-9]+)$/,
    options: (region, pool) => ({ region, userPoolId: `${region}_${pool}` }),
    mistakes: [
      [
        /^https:\/\/cognito-idp\./,
        'must be the id of the user pool alone, such as eu-central-1_AbCdEfGhI',
      ],
    ],
  },
  audience: 'optional',
  issuers: /^https:\/\/cognito-idp\.[\w-]+\.amazonaws\.com\//,
  issuerMistakes: [
    [
      /^https:\/\/cognito-idp\.([a-z0-9-]+)\.amazonaws\.com\/(?!\1_)[a-z]/,
      'names a user pool of another region. The id of the pool begins with the region',
    ],
    [
      /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com\/[^/]+\/$/,
      'must not end with a slash: the issuers of Cognito have none. Remove the slash',
    ],
    [
      /^https:\/\/[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com(?:\/|$)/,
      'is the address of the sign-in page. Set it to https://cognito-idp.<region>.amazonaws.com/<id of the user pool>',
    ],
  ],
};
