import { type Checks, check, checkOptions } from '@sallyport/core';
import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readGuid, refuseOption } from './identifiers.ts';
import {
  audienceChecks,
  type OneOrMore,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.entra`. */
export interface EntraOptions extends ProviderOptions, RequiredAudience {
  /** GUIDs of the tenants to trust. Domain names, `common` and `organizations` are not accepted. */
  readonly tenants: OneOrMore<string>;
  /**
   * The version of the tokens: the API's `requestedAccessTokenVersion`, where `null` means 1,
   * whichever endpoint clients use. Default 2.
   */
  readonly tokenVersion?: 1 | 2;
  /** The application whose own signing keys are used, if it has any. */
  readonly signingApplicationId?: string;
}

const versions = {
  1: { issuer: 'https://sts.windows.net/{tenantid}/', keys: 'discovery/keys', client: 'appid' },
  2: {
    issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
    keys: 'discovery/v2.0/keys',
    client: 'azp',
  },
} as const;

const optionChecks: Checks<EntraOptions> = {
  ...providerChecks,
  ...audienceChecks,
  tenants: check.texts,
  tokenVersion: check.optional(check.number),
  signingApplicationId: check.optional(check.text),
};

/**
 * Access tokens of Microsoft Entra ID, for users (`scp`) and for applications themselves (`roles`),
 * of the tenants that are named and no others.
 *
 * The audience of version 2 is the client id of the API's registration, of version 1 mostly its
 * Application ID URI. An ID token, which has its client for audience, names none and is refused.
 * National clouds, External ID and B2C have other issuers.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function entra(given: EntraOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const { tenants, tokenVersion = 2, signingApplicationId } = options;
  if (!Array.isArray(tenants)) refuseOption('tenants', 'must be a list of GUIDs');
  const [first, ...others] = tenants.map((tenant) => readGuid('tenants', tenant));
  if (first === undefined) refuseOption('tenants', 'must name at least one');
  if (tokenVersion !== 1 && tokenVersion !== 2) refuseOption('tokenVersion', 'must be 1 or 2');
  const version = versions[tokenVersion];
  // The common set has every tenant's keys, each with the issuer that it is for.
  const directory = others.length === 0 ? first : 'common';
  const query =
    signingApplicationId === undefined
      ? ''
      : `?appid=${readGuid('signingApplicationId', signingApplicationId)}`;
  return trustProvider(options, options, {
    issuer: version.issuer,
    tenants: [first, ...others],
    jwksUrl: `https://login.microsoftonline.com/${directory}/${version.keys}${query}`,
    algorithms: ['RS256'],
    profile: 'legacy',
    clientIdClaims: [version.client],
    scopeClaims: ['scp', 'roles'],
    requiredClaims: { ver: `${tokenVersion}.0` },
  });
}
