import { assertScopes } from '@sallyport/core';
import type { OperationScopes } from '@sallyport/mcp-adapter';

/**
 * The scopes of the tool that needs the fewest: the minimum for a useful start. More would ask people to consent
 * to what they may never use; none would send every client back after its first call.
 *
 * @throws {ConfigError} When a scope is none: here, the tool can still be named.
 */
export function smallestScopes(tools: OperationScopes['tools']): readonly string[] {
  const needs = Object.entries(tools).map(([name, rule]) => {
    const scopes = 'choose' in rule ? rule.scopes : rule;
    assertScopes(`gate.scopes.tools.${name}`, scopes);
    return scopes;
  });
  const [first = [], ...others] = needs;
  return others.reduce((least, scopes) => (scopes.length < least.length ? scopes : least), first);
}
