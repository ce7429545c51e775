/** The spellings of one URI that servers take for the same resource. */

/**
 * Returns a URI as received, as the SDKs serialise it, and without needless escapes, each spelling
 * once. `file:///public/../secret` and `file:///%73ecret` both name a secret.
 *
 * It does not decode reserved characters, such as `%2F`: servers differ in what they make of them.
 */
export function writtenAs<T>(uri: T): readonly (T | string)[] {
  const href = typeof uri === 'string' ? URL.parse(uri)?.href : undefined;
  return href === undefined ? [uri] : [...new Set([uri, href, equivalentOf(href)])];
}

const escaped = /%[2-7][\da-f]/gi;
const unreserved = /[\w.~-]/;

/** RFC 3986 §6.2.2.2. File systems also take several slashes for one. */
function equivalentOf(href: string): string {
  const plain = href.replace(escaped, (sequence) => {
    const character = String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
    return unreserved.test(character) ? character : sequence;
  });
  // After `file:///`, or `file://host/`.
  return plain.startsWith('file:') ? plain.replace(/(?<!^file:\/?)\/+/g, '/') : plain;
}
