import { assertScopes, ConfigError } from '@sallyport/core';
import { foldName } from '../body/protocol-methods.ts';

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
 * @throws {ConfigError} When a scope is not valid, or a rule has another form.
 */
export function readScopeRules(
  option: string,
  rules: Readonly<Record<string, ScopeRule>>,
  others?: readonly string[],
): ScopeRules {
  const exact = new Map<string, NamedRule>();
  const alike = new Map<string, NamedRule[]>();
  const prefixes: Prefix[] = [];
  let longest = 0;
  for (const [name, rule] of Object.entries(rules)) {
    assertRule(`${option}.${name}`, rule);
    const named = { name, rule };
    longest = Math.max(longest, name.length);
    if (name.endsWith('*')) {
      const beginning = name.slice(0, -1);
      prefixes.push({ beginning, folded: foldName(beginning), named });
    } else {
      exact.set(name, named);
      alike.set(foldName(name), [...(alike.get(foldName(name)) ?? []), named]);
    }
  }
  // The longest says most about what is meant.
  prefixes.sort((left, right) => right.beginning.length - left.beginning.length);
  const everyRule = Object.values(rules).flatMap(everyScope);
  const undeclared = { name: undefined, rule: others ?? [...new Set(everyRule)] };

  /**
   * The rules of a name. Some servers take another spelling of a listed name for that name, so another spelling
   * needs the scopes of both.
   */
  function find(name: unknown): readonly NamedRule[] {
    if (typeof name !== 'string') return [undeclared];
    const listed = exact.get(name);
    if (listed !== undefined) return [listed];
    const own = prefixes.find(({ beginning }) => name.startsWith(beginning));
    const folded = foldName(name, longest * mostPerCharacter);
    const other = prefixes.find((prefix) => folded.startsWith(prefix.folded));
    const found = [own?.named ?? undeclared, ...(alike.get(folded) ?? []), other?.named];
    return [...new Set(found)].filter((each) => each !== undefined);
  }

  return {
    read(name, given) {
      const found = find(name);
      const scopes = found.flatMap(({ rule }) => scopesOf(rule, given));
      return { name: found[0]?.name, scopes: [...new Set(scopes)] };
    },

    certain(name) {
      const scopes = find(name).flatMap(({ rule }) => ('choose' in rule ? [] : rule));
      return [...new Set(scopes)];
    },
  };
}

interface NamedRule {
  /** `undefined` for names without a rule. */
  readonly name: string | undefined;
  readonly rule: ScopeRule;
}

interface Prefix {
  readonly beginning: string;
  readonly folded: string;
  readonly named: NamedRule;
}

// More than Unicode composes into one: what is longer than all rules need not be folded whole.
const mostPerCharacter = 8;

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
