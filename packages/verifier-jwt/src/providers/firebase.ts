import { type Checks, check } from '@sallyport/core';
import { readMatch } from './identifiers.ts';
import type { Provider } from './provider.ts';
import { type ProviderOptions, providerChecks } from './provider-options.ts';

/** Options for `providers.firebase`. */
interface FirebaseOptions extends ProviderOptions {
  /** The id of the project, not its number. */
  readonly projectId: string;
}

/**
 * Trusts ID tokens of Firebase Authentication, which has no access tokens. Every user of the project
 * is accepted, anonymous users included. The tokens have no scopes.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const firebase: Provider<FirebaseOptions> = {
  name: 'firebase',
  title: 'Firebase',
  withoutScopes: true,
  options: (): Checks<FirebaseOptions> => ({ ...providerChecks, projectId: check.text }),

  describe({ projectId }) {
    const form = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
    const project = readMatch('projectId', projectId, form, 'the id of a project');
    return {
      issuer: `https://securetoken.google.com/${project}`,
      jwksUrl:
        'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
      recipients: { audience: project },
      algorithms: ['RS256'],
      profile: 'id-token',
      // Applications can set custom claims, but none with this name.
      clientIdClaims: ['azp'],
    };
  },

  tenant: {
    allowed: 'the id of the project',
    example: 'acme-notes',
    options: (projectId) => ({ projectId }),
  },
  audience: 'tenant',
  issuers: /^https:\/\/securetoken\.google\.com\//,
  issuerMistakes: [
    [
      /^https:\/\/securetoken\.google\.com\/[^/]+\/$/,
      'must not end with a slash: the issuers of Firebase have none. Remove the slash',
    ],
  ],
};
