import { type Checks, check } from '@sallyport/core';
import { readHost, readMatch, refuseOption } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type OneOrMore,
  type ProviderOptions,
  providerChecks,
} from './provider-options.ts';

/** Options for `providers.googleIap`. */
interface GoogleIapOptions extends ProviderOptions {
  /** The protected service as the console shows it: `/projects/<number>/…`. One `aud` must equal one of these. */
  readonly audience: string | OneOrMore<string>;
  /** The Workspace domain (`hd`) whose accounts are accepted. Default: whoever the proxy lets in. */
  readonly hostedDomain?: string;
}

// The documentation of the proxy allows 30 seconds before and after.
const clockToleranceSeconds = 30;
const form = /^\/projects\/\d+\/[\w./-]+$/;
const what =
  'what the console shows under "Get JWT audience code": /projects/, the number of the project, and the service';

/**
 * Trusts assertions of Google's Identity-Aware Proxy. They are signed with ES256 and live for 10 minutes, with 30
 * seconds of clock tolerance before and after. They have no scopes: `behindGoogleIap` grants them.
 *
 * The proxy sends them in the field `x-goog-iap-jwt-assertion`, and not as a bearer token.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const googleIap: Provider<GoogleIapOptions> = {
  name: 'google-iap',
  title: "Google's Identity-Aware Proxy",
  withoutScopes: true,
  clockToleranceSeconds,
  credentialField: {
    field: 'x-goog-iap-jwt-assertion',
    authorization: 'ignored',
    // Unsigned copies of the claims, which anybody around the proxy can write.
    hides: ['x-goog-authenticated-user-'],
    // The proxy signs people in by a cookie.
    ambient: true,
  },
  options: (): Checks<GoogleIapOptions> => ({
    ...providerChecks,
    audience: audienceChecks.audience,
    hostedDomain: check.optional(check.text),
  }),

  describe({ audience, hostedDomain, algorithms = ['ES256'] }) {
    const [first, ...others] = [audience]
      .flat()
      .map((each) => readMatch('audience', each, form, what));
    if (first === undefined) refuseOption('audience', `must be ${what}`);
    if (algorithms.some((each) => each !== 'ES256')) {
      refuseOption('algorithms', 'must be ES256 alone: the proxy signs with nothing else');
    }
    return {
      issuer: 'https://cloud.google.com/iap',
      jwksUrl: 'https://www.gstatic.com/iap/verify/public_key-jwk',
      recipients: { audience: [first, ...others] },
      algorithms: ['ES256'],
      profile: 'id-token',
      clientIdClaims: ['azp'],
      clockToleranceSeconds,
      maximumLifetimeSeconds: 630,
      ...(hostedDomain !== undefined && {
        requiredClaims: { hd: readHost('hostedDomain', hostedDomain) },
      }),
    };
  },

  tenant: {
    allowed:
      'the domain of your Workspace, such as `acme.com`; without it, whoever the proxy lets in',
    example: 'acme-corp.dev',
    form: /^(.*)$/,
    options: (hostedDomain) => (hostedDomain === '' ? {} : { hostedDomain }),
    // The proxy decides who gets in. Scopes are granted by name.
    whenAbsent: () => undefined,
  },
  audience: 'server',
  issuers: /^https:\/\/cloud\.google\.com\/iap$/,
  issuerMistakes: [
    [
      /^https:\/\/cloud\.google\.com\/iap/,
      'is the issuer of Identity-Aware Proxy, whose assertions come in a field of their own. Take it away, and set FASTMCP_SERVER_AUTH_JWT_PROVIDER=google-iap',
    ],
  ],
  keyHost: 'www.gstatic.com',
  keyMistakes: [
    [
      /gstatic\.com\/iap\/verify\/public_key$/,
      'leads to keys as PEM, and must lead to a JWK set: https://www.gstatic.com/iap/verify/public_key-jwk',
    ],
  ],
};
