import { type Checks, check, checkOptions } from '@sallyport/core';
import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readHost, readMatch } from './identifiers.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.google`. */
export interface GoogleOptions extends ProviderOptions, RequiredAudience {
  /**
   * The Workspace domain whose accounts are accepted, by `hd`; their address must be verified.
   * Default every Google account there is.
   */
  readonly hostedDomain?: string;
}

const optionChecks: Checks<GoogleOptions> = {
  ...providerChecks,
  ...audienceChecks,
  hostedDomain: check.optional(check.text),
};

/**
 * ID tokens of Google accounts and of service accounts. The audience is the OAuth client id, or the
 * URL that a service account asked for.
 *
 * Google's access tokens are opaque: this is not for them. An ID token has no scopes.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function google(given: GoogleOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const { hostedDomain } = options;
  return trustProvider(options, options, {
    issuer: 'https://accounts.google.com',
    issuerAliases: ['accounts.google.com'],
    jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs',
    algorithms: ['RS256'],
    profile: 'id-token',
    clientIdClaims: ['azp'],
    ...(hostedDomain !== undefined && {
      requiredClaims: { hd: readHost('hostedDomain', hostedDomain), email_verified: true },
    }),
  });
}

/** Options for `providers.googleIap`. */
export interface GoogleIapOptions extends ProviderOptions {
  /** The protected service: `/projects/<number>/…`, as the console shows it. */
  readonly audience: string;
}

const iapChecks: Checks<GoogleIapOptions> = { ...providerChecks, audience: check.text };

/**
 * Assertions of Google's Identity-Aware Proxy. They live for 10 minutes, with 30 seconds of clock
 * difference on either side, and have no scopes.
 *
 * They come in the header `x-goog-iap-jwt-assertion` and not as a bearer token: whoever reads that
 * header passes its value to the verifier.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function googleIap(given: GoogleIapOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, iapChecks);
  const { audience: service } = options;
  const form = /^\/projects\/\d+\/[\w./-]+$/;
  const audience = readMatch('audience', service, form, '/projects/, a number, and a service');
  return trustProvider(
    options,
    { audience },
    {
      issuer: 'https://cloud.google.com/iap',
      jwksUrl: 'https://www.gstatic.com/iap/verify/public_key-jwk',
      algorithms: ['ES256'],
      profile: 'id-token',
      clientIdClaims: ['azp'],
      clockToleranceSeconds: 30,
      maximumLifetimeSeconds: 630,
    },
  );
}

/** Options for `providers.firebase`. */
export interface FirebaseOptions extends ProviderOptions {
  /** The project's id, not its number. */
  readonly projectId: string;
}

const firebaseChecks: Checks<FirebaseOptions> = { ...providerChecks, projectId: check.text };

/**
 * ID tokens of Firebase Authentication, which are what its users have instead of access tokens. Any
 * user of the project is accepted, anonymous ones included, and there are no scopes.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function firebase(given: FirebaseOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, firebaseChecks);
  const form = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
  const project = readMatch('projectId', options.projectId, form, 'the id of a project');
  return trustProvider(
    options,
    { audience: project },
    {
      issuer: `https://securetoken.google.com/${project}`,
      jwksUrl:
        'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
      algorithms: ['RS256'],
      profile: 'id-token',
      // A name that custom claims cannot have: the others could be set by the application.
      clientIdClaims: ['azp'],
    },
  );
}
