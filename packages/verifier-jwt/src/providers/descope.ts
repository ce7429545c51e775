import { type Checks, check } from '@sallyport/core';
import { readHost, readSegment } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
} from './provider-options.ts';

/** Options for `providers.descope`. */
interface DescopeOptions extends ProviderOptions, RequiredAudience {
  /** The id of the project. */
  readonly projectId: string;
  /** One issuer of the project: its own, the one of an MCP server, or the one of a tenant. */
  readonly issuer: 'project' | { readonly mcpServerId: string } | { readonly tenantId: string };
  /** A custom domain, or the domain of a region. Default `api.descope.com`. */
  readonly domain?: string;
}

/**
 * Trusts access tokens of Descope. The audience is the URL of the MCP server at Descope, or the id
 * of the project.
 *
 * All issuers of a project share their keys. Only the issuer in the options is trusted.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const descope: Provider<DescopeOptions> = {
  name: 'descope',
  title: 'Descope',
  options: (): Checks<DescopeOptions> => ({
    ...providerChecks,
    ...audienceChecks,
    projectId: check.text,
    issuer: check.either(
      'must be project, or an object with mcpServerId or tenantId',
      check.oneOf('project'),
      check.options<{ mcpServerId: string }>({ mcpServerId: check.text }),
      check.options<{ tenantId: string }>({ tenantId: check.text }),
    ),
    domain: check.optional(check.text),
  }),

  describe(options) {
    const base = `https://${readHost('domain', options.domain ?? 'api.descope.com')}`;
    const project = readSegment('projectId', options.projectId);
    return {
      issuer: `${base}/v1/apps/${issuerPath(project, options.issuer)}`,
      jwksUrl: `${base}/${project}/.well-known/jwks.json`,
      recipients: options,
      algorithms: ['RS256'],
      profile: 'legacy',
      scopeClaims: ['scope'],
    };
  },

  tenant: {
    allowed: 'the id of the project',
    example: 'P2abcdefghijklmnopqrstuvwxyz',
    options: (projectId) => ({ projectId, issuer: 'project' }),
  },
  audience: 'server',
  issuers: /^https:\/\/api\.(?:[a-z0-9]+\.)?descope\.com\/v1\/apps\//,
};

function issuerPath(project: string, issuer: DescopeOptions['issuer']): string {
  if (issuer === 'project') return project;
  return 'mcpServerId' in issuer
    ? `agentic/${project}/${readSegment('issuer.mcpServerId', issuer.mcpServerId)}`
    : `${project}/${readSegment('issuer.tenantId', issuer.tenantId)}`;
}
