import { type Checks, check } from '@sallyport/core';
import { readMatch } from './identifiers.ts';
import type { ProviderRules } from './provider.ts';
import { type ProviderOptions, providerChecks } from './provider-options.ts';

/** Options for `providers.googleIap`. */
interface GoogleIapOptions extends ProviderOptions {
  /** The protected service as the console shows it: `/projects/<number>/…`. */
  readonly audience: string;
}

/**
 * Trusts assertions of Google's Identity-Aware Proxy. They live for 10 minutes, with 30 seconds of
 * clock tolerance before and after. They have no scopes.
 *
 * The proxy sends them in the header `x-goog-iap-jwt-assertion`, not as a bearer token. Your
 * application must read that header and pass its value to the verifier.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const googleIap: ProviderRules<GoogleIapOptions> = {
  options: (): Checks<GoogleIapOptions> => ({ ...providerChecks, audience: check.text }),

  describe(options) {
    const form = /^\/projects\/\d+\/[\w./-]+$/;
    const service = '/projects/, a number, and a service';
    return {
      issuer: 'https://cloud.google.com/iap',
      jwksUrl: 'https://www.gstatic.com/iap/verify/public_key-jwk',
      recipients: { audience: readMatch('audience', options.audience, form, service) },
      algorithms: ['ES256'],
      profile: 'id-token',
      clientIdClaims: ['azp'],
      clockToleranceSeconds: 30,
      maximumLifetimeSeconds: 630,
    };
  },
};
