/** Finds copies of the client's token in what a request holds besides `Authorization`. */

/** Whether a text holds the token, as it is or encoded. */
export type TokenSearch = (text: string) => boolean;

// A shorter token may be part of an ordinary word, so only an equal value counts.
const shortestPart = 8;
// Of a token that was split, such as among cookies, every run of twice this length is found.
const pieceLength = 40;

/**
 * Creates the search for one token. It finds the token within a longer value, percent-encoded, in Base64
 * or Base64url at any offset, in hexadecimal, and split by quotes, spaces or commas. Of a JWT it looks for
 * the signature, without which the rest opens nothing.
 *
 * It does not find a token that was encrypted, compressed or hashed.
 */
export function createTokenSearch(token: string): TokenSearch {
  if (token === '') return () => false;
  if (token.length < shortestPart) return (text) => text.split(/[\s,;="']+/).includes(token);
  const pieces = piecesOf(secretPart(token));
  const [last = token] = pieces;
  let encoded: readonly string[] | undefined;

  return (text) => {
    // No encoding makes a text shorter.
    if (text.length < last.length) return false;
    if (holdsPiece(text, pieces)) return true;
    const plain = text.includes('%') ? decode(text) : text;
    const bare = plain.replace(/["'`\s,;\\]/g, '');
    if (holdsPiece(plain, pieces) || holdsPiece(bare, pieces)) return true;
    if (bare.length < (last.length * 4) / 3 - 4) return false;
    encoded ??= encodings(last);
    const unified = bare.replaceAll('+', '-').replaceAll('/', '_');
    return encoded.some((form) => unified.includes(form) || unified.toLowerCase().includes(form));
  };
}

/** The signature of a JWT. Other JWTs of the same issuer share much of what stands before it. */
function secretPart(token: string): string {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return signature.length >= pieceLength ? signature : token;
}

/** From the end to the start. */
function piecesOf(text: string): readonly string[] {
  if (text.length < 2 * pieceLength) return [text.slice(-pieceLength)];
  const pieces: string[] = [];
  for (let end = text.length; end >= pieceLength; end -= pieceLength) {
    pieces.push(text.slice(end - pieceLength, end));
  }
  return pieces;
}

function holdsPiece(text: string, pieces: readonly string[]): boolean {
  return pieces.some((piece) => text.includes(piece));
}

/** Proxies encode addresses inside addresses. */
function decode(text: string): string {
  let decoded = text;
  for (let pass = 0; pass < 3 && decoded.includes('%'); pass += 1) {
    decoded = decoded.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
      try {
        return decodeURIComponent(escapes);
      } catch {
        return escapes;
      }
    });
  }
  return decoded;
}

/** The middle of each Base64 form, which does not depend on what stands before and after. */
function encodings(text: string): readonly string[] {
  const base64 = [0, 1, 2].map((offset) => {
    const form = btoa('\0'.repeat(offset) + text);
    const first = Math.ceil((offset * 4) / 3);
    return form
      .slice(first, Math.floor(((offset + text.length) * 4) / 3))
      .replaceAll('+', '-')
      .replaceAll('/', '_');
  });
  const hexadecimal = [...text].map((character) => character.charCodeAt(0).toString(16)).join('');
  return [...base64, hexadecimal];
}
