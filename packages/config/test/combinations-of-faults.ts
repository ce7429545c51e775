/** Faults that a configuration can have, and combinations of them of which all must be told at once. */
import { loadConfig } from '../src/index.ts';

const P = 'FASTMCP_SERVER_AUTH_';

type Variables = Readonly<Record<string, string>>;

/** A variable that is left out, or holds a text that is wrong for one reason. */
export interface Fault {
  readonly name: string;
  /** `undefined`: left out. */
  readonly text: string | undefined;
}

/** Each has one cause. A variable that a configuration does not set stays as it is. */
const anywhere: Variables = {
  PORT: 'x',
  [`${P}RATE_LIMIT_ENABLED`]: 'yes',
  [`${P}RATE_LIMIT_MAX_ATTEMPTS`]: '0',
  [`${P}RATE_LIMIT_REDIS_URL`]: 'http://redis.internal',
  [`${P}SECRET_BACKEND`]: 'keeper',
  [`${P}SECRET_CACHE_TTL`]: '1e3',
  [`${P}SESSION_SECRET`]: 'short',
  [`${P}TRUSTED_PROXY_HOPS`]: '6',
  [`${P}MAX_BODY_BYTES`]: '0',
  [`${P}METADATA_AT_ROOT`]: 'no',
  [`${P}EGRESS_PROXY`]: 'proxy.internal',
  [`${P}TOOL_SCOPES`]: '{"read_note": "read:data"}',
  [`${P}SCOPE_HIERARCHY`]: '{"a": ["b"], "b": ["a"]}',
  [`${P}RESOURCE_URL`]: 'https://your-service.acme-corp.dev/mcp',
  [`${P}AUTHORIZATION_SERVERS`]: '["https://id.acme-corp.dev"',
  [`${P}NO_SUCH_VARIABLE`]: 'x',
  [`${P}GITHUB_CLIENT_ID`]: 'x',
  [`${P}STATIC_TOKENS`]: '{',
  [`${P}JWT_CLOCK_SKEW`]: '121',
  [`${P}JWT_JWKS_CACHE_TTL`]: '0',
  [`${P}JWT_MAX_LIFETIME_SECONDS`]: '59',
  [`${P}JWT_REQUIRED_SCOPES`]: 'a"b',
  [`${P}JWT_AUDIENCE`]: 'your-client-id',
  [`${P}JWT_ISSUER`]: ' https://id.acme-corp.dev',
  [`${P}INTROSPECTION_TIMEOUT`]: '61',
  [`${P}INTROSPECTION_CACHE_TTL`]: '301',
  [`${P}INTROSPECTION_REQUIRED_SCOPES`]: 'a"b',
  [`${P}INTROSPECTION_URL`]: 'http//id.acme-corp.dev',
  [`${P}INTROSPECTION_CLIENT_ID`]: '{your-client-id}',
};
// For these, another value than the one that a configuration has changes what the rest means.
const selectors = ['ENVIRONMENT', 'TYPE', 'JWT_PROVIDER', 'JWT_ALGORITHM'];
const suffixOf = (name: string) => name.replace(P, '');

/** The faults of a configuration's own variables, and those that any configuration can have. */
export function faultsOf(good: Variables): readonly Fault[] {
  const own = Object.entries(good).flatMap(([name, text]): Fault[] => {
    const misspelt = { name, text: `${text}x` };
    if (suffixOf(name) === 'TYPE') return [misspelt, { name, text: undefined }];
    if (selectors.includes(suffixOf(name))) return [misspelt];
    if (name === 'DANGEROUSLY_OMIT_AUTH') return [{ name, text: 'yes' }];
    return [
      { name, text: undefined },
      { name, text: 'changeme' },
    ];
  });
  // A variable of another type of authentication is not read.
  const foreign = ['jwt', 'introspection', 'static'].filter((type) => type !== good[`${P}TYPE`]);
  const others = Object.entries(anywhere)
    .map(([name, text]) => ({ name, text }))
    .filter(({ name }) => !foreign.some((type) => name.startsWith(P + type.toUpperCase())));
  return [...own, ...others];
}

/** The names of the variables that have a problem when all of these faults are there. */
export async function told(good: Variables, ...faults: readonly Fault[]): Promise<string[]> {
  const variables = { ...good };
  for (const { name, text } of faults) {
    if (text === undefined) delete variables[name];
    else variables[name] = text;
  }
  try {
    const config = await loadConfig(variables, { nodeArguments: [] });
    await config.secrets?.close?.();
    return [];
  } catch (error) {
    if (!(error instanceof AggregateError)) return [String(error)];
    return error.errors.map(({ option }) => suffixOf(`${option}`)).sort();
  }
}

// Whether the first has a problem depends on what the second holds.
const related: readonly (readonly [string, string])[] = [
  ['JWT_ISSUER', 'AUTHORIZATION_SERVERS'],
  ['JWT_TENANT', 'JWT_ISSUER'],
  ['TRUSTED_PROXY_HOPS', 'K_SERVICE'],
  ['QUOTA_CALLS', 'QUOTA_WINDOW_SECONDS'],
];

function areIndependent(good: Variables, faults: readonly Fault[]): boolean {
  const names = faults.map(({ name }) => suffixOf(name));
  const have = (...some: readonly string[]) => some.every((name) => names.includes(name));
  if (new Set(names).size < names.length || related.some((pair) => have(...pair))) return false;
  // Where the audience is the address, it stands in for it.
  const isAddress = good[`${P}JWT_AUDIENCE`] === good[`${P}RESOURCE_URL`];
  if (isAddress && have('JWT_AUDIENCE', 'RESOURCE_URL')) return false;
  // A tenant without an issuer and keys is that of a preset.
  return !(`${P}JWT_TENANT` in good && have('JWT_ISSUER', 'JWT_JWKS_URI'));
}

/**
 * Tries combinations, and returns a line for each that does not tell what its faults tell alone.
 *
 * @param step Tries one of so many, always the same ones.
 */
export async function findWrongCombinations(
  good: Variables,
  combinations: Iterable<readonly Fault[]>,
  step = 1,
): Promise<readonly string[]> {
  const alone = new Map<Fault, Promise<string[]>>();
  const wrong: string[] = [];
  let count = 0;
  for (const faults of combinations) {
    if (!areIndependent(good, faults)) continue;
    count += 1;
    if (count % step !== 0) continue;
    const expected = new Set<string>();
    for (const fault of faults) {
      const names = alone.get(fault) ?? told(good, fault);
      alone.set(fault, names);
      for (const name of await names) expected.add(name);
    }
    const found = await told(good, ...faults);
    if (found.join() === [...expected].sort().join()) continue;
    const what = faults.map(({ name, text = 'left out' }) => `${suffixOf(name)} ${text}`);
    wrong.push(`${what.join(', ')}: ${found} and not ${[...expected].sort()}`);
  }
  return wrong;
}

export function* pairsOf(faults: readonly Fault[]): Generator<readonly Fault[]> {
  for (const [at, first] of faults.entries()) {
    for (const second of faults.slice(at + 1)) yield [first, second];
  }
}

export function* triplesOf(faults: readonly Fault[]): Generator<readonly Fault[]> {
  for (const [at, first] of faults.entries()) {
    for (const pair of pairsOf(faults.slice(at + 1))) yield [first, ...pair];
  }
}
