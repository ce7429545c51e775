import { checkOptions } from '@sallyport/core';
import type { OperationScopes } from './operation.ts';
import { scopeChecks } from './scope-checks.ts';
import type { ScopeRule } from './scope-rule.ts';

/**
 * Returns the scopes of each operation as a Markdown table, for the documentation of a server.
 */
export function writeScopesTable(given: OperationScopes): string {
  const scopes = checkOptions('gate.scopes', given, scopeChecks);
  const { tools, prompts = {}, resources = {}, methods = {} } = scopes;
  const rows = [
    ...Object.entries(tools).map(([name, rule]) => [`tool \`${name}\``, describe(rule)]),
    ...Object.entries(prompts).map(([name, rule]) => [`prompt \`${name}\``, describe(rule)]),
    ...Object.entries(resources).map(([uri, rule]) => [`resource \`${uri}\``, describe(rule)]),
    ...Object.entries(methods).map(([name, rule]) => [`method \`${name}\``, describe(rule)]),
  ];
  const lines = [['operation', 'scopes'], ['---', '---'], ...rows];
  return lines.map(([operation, needed]) => `| ${operation} | ${needed} |\n`).join('');
}

function describe(rule: ScopeRule): string {
  const isConditional = 'choose' in rule;
  const scopes = isConditional ? rule.scopes : rule;
  if (scopes.length === 0) return 'any token';
  const list = scopes.map((scope) => `\`${scope.replaceAll('|', '\\|')}\``).join(' ');
  return isConditional ? `by its arguments, of ${list}` : list;
}
