import { assertScopes, ConfigError } from '@sallyport/core';

/** The scopes that an operation needs, or a choice of them by its arguments. An empty list accepts any token. */
export type ScopeRule = readonly string[] | ConditionalScopes;

/** Scopes that depend on the arguments of the operation. */
export interface ConditionalScopes {
  /** Every scope that {@link choose} may return. */
  readonly scopes: readonly string[];
  /**
   * Returns the scopes that these arguments need. A client wrote the arguments, so they may have any shape. If it
   * throws, or returns another scope, all {@link scopes} are needed.
   */
  readonly choose: (given: unknown) => readonly string[];
}

/** Rules by name, and one for all other names. */
export interface ScopeRules {
  /** The rule's own name, never the client's, with the scopes that these arguments need. */
  read(
    name: unknown,
    given: unknown,
  ): { readonly name: string | undefined; readonly scopes: readonly string[] };
  /** Those that are needed whatever the arguments are. */
  certain(name: string): readonly string[];
}

/**
 * @param option Where the rules come from, for the error.
 * @param others Default: every scope of all rules, so a forgotten name is refused and not open.
 * @throws {ConfigError} When a scope is none, or a rule is of another form.
 */
export function readScopeRules(
  option: string,
  rules: Readonly<Record<string, ScopeRule>>,
  others?: readonly string[],
): ScopeRules {
  const exact = new Map<string, ScopeRule>();
  const prefixes: [prefix: string, name: string, rule: ScopeRule][] = [];
  for (const [name, rule] of Object.entries(rules)) {
    assertRule(`${option}.${name}`, rule);
    if (name.endsWith('*')) prefixes.push([name.slice(0, -1), name, rule]);
    else exact.set(name, rule);
  }
  // The longest says most about what is meant.
  prefixes.sort(([left], [right]) => right.length - left.length);
  const forOthers = others ?? [...new Set(Object.values(rules).flatMap(everyScope))];

  /** The rule, with its own name. */
  function find(name: string): readonly [name: string, rule: ScopeRule] | undefined {
    const rule = exact.get(name);
    if (rule !== undefined) return [name, rule];
    const prefix = prefixes.find(([beginning]) => name.startsWith(beginning));
    return prefix && [prefix[1], prefix[2]];
  }

  return {
    read(name, given) {
      const found = typeof name === 'string' ? find(name) : undefined;
      if (found === undefined) return { name: undefined, scopes: forOthers };
      return { name: found[0], scopes: scopesOf(found[1], given) };
    },

    certain(name) {
      const [, rule] = find(name) ?? [name, forOthers];
      return 'choose' in rule ? [] : rule;
    },
  };
}

function scopesOf(rule: ScopeRule, given: unknown): readonly string[] {
  if (!('choose' in rule)) return rule;
  try {
    const chosen: unknown = rule.choose(given);
    // An unhandled rejection would end the process.
    if (chosen instanceof Promise) chosen.catch(() => {});
    if (!Array.isArray(chosen)) return rule.scopes;
    return chosen.every((scope) => rule.scopes.includes(scope)) ? chosen : rule.scopes;
  } catch {
    return rule.scopes;
  }
}

/** Every scope that the rule may need. */
export function everyScope(rule: ScopeRule): readonly string[] {
  return 'choose' in rule ? rule.scopes : rule;
}

function assertRule(option: string, rule: ScopeRule): void {
  const scopes: unknown = typeof rule === 'object' && rule !== null && everyScope(rule);
  if (!Array.isArray(scopes) || ('choose' in rule && typeof rule.choose !== 'function')) {
    throw new ConfigError(option, 'must be a list of scopes, or { scopes, choose }');
  }
  assertScopes(option, scopes);
}
