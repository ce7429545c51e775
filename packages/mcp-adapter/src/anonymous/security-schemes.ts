/** `securitySchemes` of tools: whether a client has to sign in before it calls them. */
import { type Checks, check, checkOptions } from '@sallyport/core';
import { scopeChecks } from '../scopes/scope-checks.ts';
import { everyScope, type ScopeRule } from '../scopes/scope-rule.ts';
import type { AnonymousAccess } from './anonymous-access.ts';

/** One way to call a tool, as the Apps SDK of ChatGPT reads it in `tools/list`. */
export type SecurityScheme =
  | { readonly type: 'noauth' }
  | { readonly type: 'oauth2'; readonly scopes: readonly string[] };

/** Options for {@link createSecuritySchemes}. */
export interface SecuritySchemesOptions {
  /** The table of scopes: `tools` of the gate. */
  readonly tools: Readonly<Record<string, ScopeRule>>;
  /** The anonymous list of the gate. */
  readonly anonymous: AnonymousAccess;
  /** Maps a scope to the name by which clients request it. Default: the same name. */
  readonly requestName?: (scope: string) => string;
}

const checks: Checks<SecuritySchemesOptions> = {
  tools: scopeChecks.tools,
  anonymous: check.shape('what anonymousAccess returns', { open: 'function' }),
  requestName: check.optional(check.callback),
};

const sameName = (scope: string): string => scope;

/**
 * Creates the function that returns the `securitySchemes` of a tool. A tool on the anonymous list has `noauth` and
 * `oauth2`. A tool of the table has `oauth2` with its scopes. Other tools have none: leave the member out.
 *
 * Put them into the tool and into its `_meta`, because some clients read only one of the two. They only inform
 * clients. The gate decides.
 *
 * @example
 * ```ts
 * const securitySchemes = createSecuritySchemes({ tools, anonymous });
 * server.registerTool('search', { _meta: { securitySchemes: securitySchemes('search') } }, search);
 * ```
 * @throws {ConfigError} When an option is missing or wrong.
 */
export function createSecuritySchemes(
  given: SecuritySchemesOptions,
): (tool: string) => readonly SecurityScheme[] | undefined {
  const {
    tools,
    anonymous,
    requestName = sameName,
  } = checkOptions('securitySchemes', given, checks);
  return (tool) => {
    if (anonymous.tools.has(tool)) return [{ type: 'noauth' }, { type: 'oauth2', scopes: [] }];
    const rule = Object.hasOwn(tools, tool) ? tools[tool] : undefined;
    if (rule === undefined) return undefined;
    return [{ type: 'oauth2', scopes: everyScope(rule).map(requestName) }];
  };
}
