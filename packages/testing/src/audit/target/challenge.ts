/** Reads `WWW-Authenticate` (RFC 9110 §11.6.1). */

/** The Bearer challenge of an answer. */
export interface Challenge {
  readonly parameters: ReadonlyMap<string, string>;
  /** The field, as it came. */
  readonly text: string;
  /** Whether all of it follows the grammar, and no parameter comes twice. */
  readonly isWellFormed: boolean;
}

const parameter =
  /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(,|$)/;

/** @returns `undefined` if the field names no Bearer challenge. */
export function readChallenge(text: string | undefined): Challenge | undefined {
  const start = text === undefined ? -1 : text.search(/(?:^|,\s*)Bearer(?:\s|$)/i);
  if (text === undefined || start === -1) return undefined;
  let rest = text.slice(start).replace(/^,?\s*Bearer\s*/i, '');
  const parameters = new Map<string, string>();
  let isWellFormed = true;
  while (rest !== '') {
    const found = parameter.exec(rest);
    // The next challenge of the same field, such as `DPoP algs="ES256"`.
    if (found === null) return { parameters, text, isWellFormed: /^\w+(?:\s|$)/.test(rest) };
    const [whole, name = '', quoted, plain = ''] = found;
    if (parameters.has(name.toLowerCase())) isWellFormed = false;
    parameters.set(name.toLowerCase(), quoted ?? plain);
    rest = rest.slice(whole.length);
  }
  return { parameters, text, isWellFormed };
}
