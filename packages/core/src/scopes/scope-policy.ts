import { ConfigError } from '../errors.ts';
import { type Checks, check } from '../options/check.ts';
import { checkOptions } from '../options/options.ts';

/** Options for {@link createScopePolicy}. */
export interface ScopePolicyOptions {
  /**
   * Which narrower scopes a broader one implies: `{ 'write:data': ['read:data'] }` lets a token
   * with `write:data` do what needs `read:data`. Implied scopes may imply further scopes. Wildcards are not
   * supported. Default: no scope implies another.
   */
  readonly hierarchy?: Readonly<Record<string, readonly string[]>>;
}

const optionChecks: Checks<ScopePolicyOptions> = {
  hierarchy: check.optional(check.recordOf(check.texts)),
};

/** Decides whether granted scopes are enough. */
export interface ScopePolicy {
  /** Those of `required` that `granted` neither holds nor implies, in the order of `required`. */
  missing(granted: ReadonlySet<string>, required: readonly string[]): readonly string[];
}

// RFC 6749 §3.3 `scope-token`. It has no quote and no backslash, so a list of these can stand in a
// challenge unescaped.
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Compares scopes exactly and case-sensitively, with a declared hierarchy.
 *
 * @throws {ConfigError} When a name is no `scope-token` (RFC 6749 §3.3), or when the hierarchy has
 *   a cycle.
 */
export function createScopePolicy(options: ScopePolicyOptions = {}): ScopePolicy {
  const { hierarchy = {} } = checkOptions('scopes', options, optionChecks);
  const broaderThan = invert(new Map(Object.entries(hierarchy)));

  return {
    missing(granted, required) {
      return required.filter((scope) => {
        if (granted.has(scope)) return false;
        return !broaderThan.get(scope)?.some((broader) => granted.has(broader));
      });
    },
  };
}

/**
 * Refuses names that cannot be scopes.
 *
 * @param option Where the names come from, for the error.
 * @throws {ConfigError} When one of `scopes` is no `scope-token` (RFC 6749 §3.3).
 */
export function assertScopes(option: string, scopes: readonly string[]): void {
  for (const scope of scopes) {
    if (!scopeToken.test(scope)) {
      throw new ConfigError(
        option,
        `${JSON.stringify(scope)} is not a scope: one or more printable ASCII characters without space, quote or backslash`,
      );
    }
  }
}

/** For every scope, all the scopes that imply it, directly or through others. */
function invert(hierarchy: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const broaderThan = new Map<string, string[]>();
  for (const broad of hierarchy.keys()) {
    for (const narrow of implied(broad, hierarchy, [])) {
      broaderThan.set(narrow, [...(broaderThan.get(narrow) ?? []), broad]);
    }
  }
  return broaderThan;
}

function implied(
  scope: string,
  hierarchy: ReadonlyMap<string, readonly string[]>,
  path: readonly string[],
): Set<string> {
  assertScopes('scopes.hierarchy', [scope]);
  if (path.includes(scope)) {
    throw new ConfigError(
      'scopes.hierarchy',
      `has a cycle: ${[...path.slice(path.indexOf(scope)), scope].join(' → ')}`,
    );
  }
  const narrower = hierarchy.get(scope) ?? [];
  return new Set(narrower.flatMap((name) => [name, ...implied(name, hierarchy, [...path, scope])]));
}
