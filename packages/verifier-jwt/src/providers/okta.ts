import { type Checks, check, checkOptions } from '@sallyport/core';
import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readHost, readSegment, refuseOption } from './identifiers.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.okta`. */
export interface OktaOptions extends ProviderOptions, RequiredAudience {
  /** The organization's domain, or a custom one, such as `acme.okta.com`. */
  readonly domain: string;
  /** A custom authorization server, such as `default`. */
  readonly authorizationServerId: string;
}

// How people write "none in particular", and the first segment of that server's own paths.
const orgServers: ReadonlySet<unknown> = new Set([undefined, null, '', 'org', 'v1']);

const optionChecks: Checks<OktaOptions> = {
  ...providerChecks,
  ...audienceChecks,
  domain: check.text,
  authorizationServerId: check.optional(check.text),
};

/**
 * Access tokens of a custom authorization server of Okta. The audience is the server's own, such as
 * `api://default`: Okta has one for each server, whatever `resource` clients ask for.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function okta(given: OktaOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const domain = readHost('domain', options.domain);
  if (orgServers.has(options.authorizationServerId)) {
    refuseOption(
      'authorizationServerId',
      'must not be the org authorization server: its access tokens are for Okta itself; use a custom authorization server, for example `default`',
    );
  }
  const server = readSegment('authorizationServerId', options.authorizationServerId);
  const issuer = `https://${domain}/oauth2/${server}`;
  return trustProvider(options, options, {
    issuer,
    jwksUrl: `${issuer}/v1/keys`,
    algorithms: ['RS256'],
    profile: 'legacy',
    clientIdClaims: ['cid'],
    scopeClaims: ['scp'],
  });
}
