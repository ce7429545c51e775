import { type Checks, check, checkOptions } from '@sallyport/core';
import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import { readHost, readSegment } from './identifiers.ts';
import {
  audienceChecks,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
  trustProvider,
} from './provider-options.ts';

/** Options for `providers.descope`. */
export interface DescopeOptions extends ProviderOptions, RequiredAudience {
  readonly projectId: string;
  /** Which of the project's issuers: its own, that of one MCP server, or that of one tenant. */
  readonly issuer: 'project' | { readonly mcpServerId: string } | { readonly tenantId: string };
  /** A custom domain, or a region's. Default `api.descope.com`. */
  readonly domain?: string;
}

const optionChecks: Checks<DescopeOptions> = {
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
};

/**
 * Access tokens of Descope. The audience is the URL of the MCP server as Descope knows it, or the
 * project's id.
 *
 * All issuers of a project share their keys: only the one that is named is trusted.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function descope(given: DescopeOptions): TrustedIssuer {
  const options = checkOptions('jwt.provider', given, optionChecks);
  const base = `https://${readHost('domain', options.domain ?? 'api.descope.com')}`;
  const project = readSegment('projectId', options.projectId);
  return trustProvider(options, options, {
    issuer: `${base}/v1/apps/${issuerPath(project, options.issuer)}`,
    jwksUrl: `${base}/${project}/.well-known/jwks.json`,
    algorithms: ['RS256'],
    profile: 'legacy',
    scopeClaims: ['scope'],
  });
}

function issuerPath(project: string, issuer: DescopeOptions['issuer']): string {
  if (issuer === 'project') return project;
  return 'mcpServerId' in issuer
    ? `agentic/${project}/${readSegment('issuer.mcpServerId', issuer.mcpServerId)}`
    : `${project}/${readSegment('issuer.tenantId', issuer.tenantId)}`;
}
