import { type Checks, check } from '@sallyport/core';
import { readHost, readSegment, refuseOption } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
} from './provider-options.ts';

/** Options for `providers.okta`. */
interface OktaOptions extends ProviderOptions, RequiredAudience {
  /** The domain of the organization, or a custom domain, such as `acme.okta.com`. */
  readonly domain: string;
  /** The id of a custom authorization server, such as `default`. */
  readonly authorizationServerId: string;
}

// How people write "none in particular", and the first segment of that server's own paths.
const orgServers: ReadonlySet<unknown> = new Set([undefined, null, '', 'org', 'v1']);
const host = String.raw`https:\/\/[\w-]+\.(?:okta|oktapreview|okta-emea|okta-gov|trexcloud)\.com`;
const organisation = new RegExp(`^${host}$`);
const orgServer =
  'is the org authorization server of Okta, and its access tokens are for Okta alone';

/**
 * Trusts access tokens of a custom authorization server of Okta. The audience is the one of that
 * server, such as `api://default`. Okta has one for each server and ignores `resource`.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const okta: Provider<OktaOptions> = {
  name: 'okta',
  title: 'Okta',
  options: (): Checks<OktaOptions> => ({
    ...providerChecks,
    ...audienceChecks,
    domain: check.text,
    authorizationServerId: check.optional(check.text),
  }),

  describe(options) {
    const domain = readHost('domain', options.domain);
    if (orgServers.has(options.authorizationServerId)) {
      refuseOption(
        'authorizationServerId',
        'must not be the org authorization server: its access tokens are for Okta itself; use a custom authorization server, for example `default`',
      );
    }
    const server = readSegment('authorizationServerId', options.authorizationServerId);
    const issuer = `https://${domain}/oauth2/${server}`;
    return {
      issuer,
      jwksUrl: `${issuer}/v1/keys`,
      recipients: options,
      algorithms: ['RS256'],
      profile: 'legacy',
      clientIdClaims: ['cid'],
      scopeClaims: ['scp'],
    };
  },

  tenant: {
    allowed: 'domain and authorization server, such as `acme.okta.com/oauth2/default`',
    example: 'acme.okta.com/oauth2/default',
    form: /^([^/]+)\/oauth2\/([^/]+)$/,
    options: (domain, authorizationServerId) => ({ domain, authorizationServerId }),
    mistakes: [
      [
        /^(?:https:\/\/)?[a-z0-9.-]+(?:\/oauth2)?\/?$/,
        `${orgServer}. Name a custom authorization server too, such as acme.okta.com/oauth2/default`,
      ],
      [
        /^https:\/\/[a-z0-9.-]+\/oauth2\/[^/]+\/?$/,
        'must not have a scheme or a slash at the end: write it as acme.okta.com/oauth2/default',
      ],
    ],
  },
  audience: 'server',
  issuers: new RegExp(`^${host}(?:\\/|$)`),
  issuerMistakes: [
    [
      /^https:\/\/[a-z0-9-]+-admin\.okta(?:preview)?\.com/,
      'is the address of the admin console. Remove -admin, and name a custom authorization server',
    ],
    [
      new RegExp(`^${host}(?:/|/oauth2/?|/oauth2/v1/?)?$`),
      `${orgServer}. Use a custom authorization server, such as https://acme.okta.com/oauth2/default`,
    ],
    [
      new RegExp(`^${host}/oauth2/[^/]+/$`),
      'must not end with a slash: the issuers of Okta have none. Remove the slash',
    ],
  ],
  sharedDomains: ['okta.com', 'oktapreview.com', 'okta-emea.com', 'okta-gov.com', 'trexcloud.com'],

  explainIssuer(issuer, trusted) {
    const bare = issuer.replace(/\/$/, '');
    return organisation.test(bare) && trusted.some((name) => name.startsWith(`${bare}/oauth2/`))
      ? "of Okta's org authorization server, whose tokens only Okta can validate: the client must use the configured one"
      : undefined;
  },
};
