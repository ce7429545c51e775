/** Describes the common client mistakes in `Authorization`, in words from a closed list. */

/** Whether a token is what JavaScript writes for a variable without a value. */
export function isWordForNothing(token: string): boolean {
  return token === 'undefined' || token === 'null';
}

/** What is wrong with the text after the scheme, which cannot be a token (RFC 6750 §2.1). */
export function describeNonToken(text: string): string {
  if (isWordForNothing(text)) return `the word ${text} in place of a token`;
  if (/^["'`]|["'`]$/.test(text)) return 'not a b64token: quotation marks around it';
  if (/^(?:bearer|dpop)\s/i.test(text)) return 'not a b64token: the scheme twice';
  if (/^\[object/i.test(text)) return 'not a b64token: an object in place of a token';
  if (/[${}<>]/.test(text)) return 'not a b64token: a variable that was not replaced';
  if (/\s/.test(text)) return 'not a b64token: white space in it';
  return 'not a b64token';
}

// RFC 9110 §16.4 registers most of them.
const otherSchemes: ReadonlyMap<string, string> = new Map(
  [
    'Basic',
    'Digest',
    'Negotiate',
    'NTLM',
    'Token',
    'ApiKey',
    'Key',
    'JWT',
    'OAuth',
    'Hawk',
    'DPoP',
  ].map((name) => [name.toLowerCase(), name]),
);

/** Which scheme a field has that is not one of those in use. */
export function describeOtherScheme(field: string): string {
  const [word = ''] = field.trim().slice(0, 40).split(/\s/);
  const known = otherSchemes.get(word.toLowerCase());
  if (known !== undefined) return `the scheme ${known}, which this server does not take`;
  if (/^bearer[:=]/i.test(word)) return 'Bearer followed by a colon or an equals sign';
  // A compact JWT begins with `{"` in base64url.
  if (word.startsWith('eyJ')) return 'a token without the scheme Bearer';
  return 'another authentication scheme';
}
