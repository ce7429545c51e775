/** What an attacker sends where a token belongs. No verifier may know any of these. */
export const hostileTokens: readonly (readonly [name: string, token: string])[] = [
  ['nothing', ''],
  ['a space', ' '],
  ['a NUL', '\0'],
  ['8,192 letters', 'a'.repeat(8_192)],
  ['8,192 dots', '.'.repeat(8_192)],
  ['one dot', '.'],
  ['two dots', '..'],
  ['four dots', '....'],
  ['three segments of one letter', 'a.b.c'],
  ['random bytes in base64', '3q2+7w/erb7v+/8=.3q2+7w.3q2+7w=='],
  ['alg: none', 'eyJhbGciOiJub25lIn0.e30.'],
  ['JSON', '{"active":true}'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['toString', 'toString'],
  ['a header injection', 'a\r\nX-Injected: 1'],
  ['a path', '../../etc/passwd'],
  ['a lone surrogate', '\ud800'],
  ['letters outside ASCII', 'ключ🔑'],
];

/** Names that reach for something other than one secret of this backend. */
export const hostileSecretNames: readonly (readonly [name: string, secret: string])[] = [
  ['nothing', ''],
  ['a dot', '.'],
  ['a path', 'a/../b'],
  ['an absolute path', '/etc/passwd'],
  ['a newline', 'a\nb'],
  ['a NUL', 'a\0b'],
  ['300 letters', 'a'.repeat(300)],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['letters outside ASCII', 'ключ🔑'],
];

/** Keys that break a limiter which builds something out of them. */
export const hostileKeys: readonly (readonly [name: string, key: string])[] = [
  ['nothing', ''],
  ['10 KB', 'k'.repeat(10_240)],
  ['10 KB that differ in the last letter', `${'k'.repeat(10_239)}l`],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['a newline', '192.0.2.1\r\nDEL *'],
  ['a NUL', '192.0.2.1\0'],
  ['a wild card', '*'],
  ['braces', '{192.0.2.1}'],
  ['letters outside ASCII', 'ключ🔑'],
  ['a letter and its accent', 'e\u0301'],
  ['the accented letter', '\u00e9'],
];
