/** What a policy allows at a path. */
export type Capability = 'create' | 'read' | 'update' | 'delete' | 'list' | 'sudo' | 'deny';

/**
 * Capabilities by path, as in `path "secret/data/app/*" { capabilities = ["read"] }`: `+` is any one
 * segment, and `*` at the end is any rest.
 */
export type Policy = Readonly<Record<string, readonly Capability[]>>;

/** The capabilities that tokens with these policies have at a path without `/v1/`. */
export function findCapabilities(
  policies: readonly Policy[],
  path: string,
): ReadonlySet<Capability> {
  const matching = policies
    .flatMap((policy) => Object.entries(policy))
    .filter(([pattern]) => toExpression(pattern).test(path));
  const best = matching.reduce((longest, [pattern]) => {
    return weigh(pattern) > weigh(longest) ? pattern : longest;
  }, '');
  // The most specific pattern decides, and what several policies say of it adds up.
  const capabilities = new Set(
    matching.filter(([pattern]) => pattern === best).flatMap(([, allowed]) => allowed),
  );
  return capabilities.has('deny') ? new Set() : capabilities;
}

/** A later first wild card counts first, then whether the end is fixed, and then the length. */
function weigh(pattern: string): number {
  const wildCard = pattern.search(/[+*]/);
  const fixed = wildCard === -1 ? pattern.length + 1 : wildCard;
  return fixed * 10_000 + (pattern.endsWith('*') ? 0 : 5_000) + pattern.length;
}

function toExpression(pattern: string): RegExp {
  const isPrefix = pattern.endsWith('*');
  const segments = (isPrefix ? pattern.slice(0, -1) : pattern)
    .split('/')
    .map((segment) => (segment === '+' ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${segments.join('/')}${isPrefix ? '.*' : ''}$`);
}
