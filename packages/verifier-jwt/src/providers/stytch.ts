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

/** Options for `providers.stytch`. */
export interface StytchOptions extends ProviderOptions, RequiredAudience {
  /** Such as `project-live-…`. */
  readonly projectId: string;
  /** The project's custom domain, if its tokens have it. Default `stytch.com/<project>`. */
  readonly domain?: string;
}

const optionChecks: Checks<StytchOptions> = {
  ...providerChecks,
  ...audienceChecks,
  projectId: check.text,
  domain: check.optional(check.text),
};

/**
 * Access tokens of Stytch Connected Apps. The audience is a custom one of the client's, or else the
 * project's id. Sessions of the project's own users have that as well, but name no client. Machine-to-machine
 * tokens are accepted: their subject is the client.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function stytch(given: StytchOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const { domain } = options;
  const form = /^project-(live|test)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const project = readMatch('projectId', options.projectId, form, 'project-live- or -test- a GUID');
  return trustProvider(options, options, {
    ...(domain === undefined ? ofProject(project) : ofDomain(readHost('domain', domain))),
    algorithms: ['RS256'],
    profile: 'legacy',
    clientIdClaims: ['client_id'],
    clientSubjectPrefix: 'm2m-client-',
    scopeClaims: ['scope'],
  });
}

interface Addresses {
  readonly issuer: string;
  readonly jwksUrl: string;
}

/** This issuer is no URL: it has no scheme. */
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
