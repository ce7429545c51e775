/**
 * Returns the values of `aud` that name one of these audiences. A URL without a path is the same URI with and
 * without its slash (RFC 3986 §6.2.3), and many clients add the slash. No other difference is accepted.
 */
export function spellingsOfAudience(names: Iterable<string>): ReadonlySet<string> {
  const audiences = new Set(names);
  const roots = [...audiences].filter(isRootUrl).map((name) => name.replace(/\/$/, ''));
  return new Set([...audiences, ...roots, ...roots.map((root) => `${root}/`)]);
}

function isRootUrl(name: string): boolean {
  return /^https?:\/\/[^/?#]+\/?$/.test(name) && URL.canParse(name);
}
