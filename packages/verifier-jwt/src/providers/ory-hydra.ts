import { type Checks, check } from '@sallyport/core';
import { readBaseUrl } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type RequiredAudience,
  type SelfHostedProviderOptions,
  selfHostedChecks,
} from './provider-options.ts';

/** Options for `providers.oryHydra`. */
interface OryHydraOptions extends SelfHostedProviderOptions, RequiredAudience {
  /** Hydra's setting `urls.self.issuer`, exactly: with a slash at the end if it has one there. */
  readonly issuer: string;
}

/**
 * Trusts access tokens of Ory Hydra with the strategy `jwt`. Hydra issues opaque tokens by default,
 * and they are refused. The audience is one that the client was allowed to ask for: Hydra ignores
 * `resource`.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const oryHydra: Provider<OryHydraOptions> = {
  name: 'ory-hydra',
  title: 'Ory Hydra',
  isSelfHosted: true,
  options: (): Checks<OryHydraOptions> => ({
    ...selfHostedChecks,
    ...audienceChecks,
    issuer: check.text,
  }),

  describe(options) {
    const { issuer, environment } = options;
    const base = readBaseUrl('issuer', `${issuer}`.replace(/\/$/, ''), environment);
    return {
      issuer,
      jwksUrl: `${base}/.well-known/jwks.json`,
      recipients: options,
      algorithms: ['RS256'],
      profile: 'legacy',
      clientIdClaims: ['client_id'],
      // The setting `scope_claim` of the strategy decides which of the two a token has.
      scopeClaims: ['scp', 'scope'],
    };
  },

  tenant: {
    allowed: 'the issuer',
    example: 'https://hydra.acme-corp.dev',
    options: (issuer) => ({ issuer }),
  },
  audience: 'server',
};
