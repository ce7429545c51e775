import { type Checks, check } from '@sallyport/core';
import { readHost, readMatch } from './identifiers.ts';
import type { IssuerFacts, Provider } from './provider.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
} from './provider-options.ts';

/** Options for `providers.stytch`. */
interface StytchOptions extends ProviderOptions, RequiredAudience {
  /** The id of the project, such as `project-live-…`. */
  readonly projectId: string;
  /** The custom domain of the project, if its tokens have it. Default `stytch.com/<project>`. */
  readonly domain?: string;
}

/**
 * Trusts access tokens of Stytch Connected Apps. The audience is a custom one of the client, or else
 * the id of the project. Tokens of sessions have the same audience, but name no client, and are
 * refused. Machine-to-machine tokens are accepted: their subject is the client.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const stytch: Provider<StytchOptions> = {
  name: 'stytch',
  title: 'Stytch',
  options: (): Checks<StytchOptions> => ({
    ...providerChecks,
    ...audienceChecks,
    projectId: check.text,
    domain: check.optional(check.text),
  }),

  describe(options) {
    const { domain, projectId } = options;
    const form = /^project-(live|test)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    const project = readMatch('projectId', projectId, form, 'project-live- or -test- a GUID');
    return {
      ...(domain === undefined ? ofProject(project) : ofDomain(readHost('domain', domain))),
      recipients: options,
      algorithms: ['RS256'],
      profile: 'legacy',
      clientIdClaims: ['client_id'],
      clientSubjectPrefix: 'm2m-client-',
      scopeClaims: ['scope'],
    };
  },

  tenant: {
    allowed: 'the id of the project, `project-live-` and a GUID',
    example: 'project-live-8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f',
    options: (projectId) => ({ projectId }),
  },
  audience: 'server',
  issuers: /^stytch\.com\/project-/,
  issuerMistakes: [
    [
      /^https:\/\/(?:[a-z0-9-]+\.)?stytch\.com\/project-/,
      'must be stytch.com/ and the id of the project, without https://: tokens of Stytch have no scheme there',
    ],
  ],
};

type Addresses = Pick<IssuerFacts, 'issuer' | 'jwksUrl'>;

/** This issuer is not a URL: it has no scheme. */
function ofProject(project: string): Addresses {
  const host = project.startsWith('project-test-') ? 'test.stytch.com' : 'api.stytch.com';
  return {
    issuer: `stytch.com/${project}`,
    jwksUrl: `https://${host}/v1/sessions/jwks/${project}`,
  };
}

function ofDomain(domain: string): Addresses {
  const issuer = `https://${domain}`;
  return { issuer, jwksUrl: `${issuer}/.well-known/jwks.json` };
}
