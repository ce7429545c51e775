/** What needs no credential, and that the scopes of the gate agree. */
import { ConfigError } from '@sallyport/core';
import type { OperationScopes, Operations } from '../scopes/operation.ts';
import { everyScope } from '../scopes/scope-rule.ts';

/** The checked list. */
export interface AnonymousList {
  readonly tools: ReadonlySet<string>;
  /** Those that were listed, and those that the list implies. */
  readonly methods: ReadonlySet<string>;
  readonly listedMethods: readonly string[];
  readonly challenge: 'http' | 'tool-result';
  readonly maximumRequestsPerMinute: number;
}

export function withListed(scopes: OperationScopes, { tools }: AnonymousList): OperationScopes {
  const listed = Object.fromEntries([...tools].map((name) => [name, []]));
  return { ...scopes, tools: { ...listed, ...scopes.tools } };
}

/** @throws {ConfigError} When the scopes of the gate contradict the list. */
export function assertOpen(
  list: AnonymousList,
  scopes: OperationScopes,
  operations: Operations,
): void {
  for (const tool of list.tools) {
    const rule = Object.hasOwn(scopes.tools, tool) ? scopes.tools[tool] : [];
    const needed = [...everyScope(rule ?? []), ...operations.certain({ tool }).scopes];
    if (needed.length > 0) throw contradiction('tools', tool, needed);
  }
  for (const method of list.listedMethods) {
    const needed = scopes.methods?.[method] ?? [];
    if (needed.length > 0) throw contradiction('methods', method, needed);
  }
}

function contradiction(kind: string, name: string, scopes: readonly string[]): ConfigError {
  return new ConfigError(
    `gate.anonymous.${kind}`,
    `has ${name}, which needs the scopes ${[...new Set(scopes)].join(' ')}. What everybody may use can need none: take it off one of the two lists`,
  );
}
