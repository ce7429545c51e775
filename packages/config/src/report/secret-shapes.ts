/** Tells texts that may be secrets from names, URLs and ids. Made for what is printed, not for proof. */

const guids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const hostName = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,24}$/;
const email = /^[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/;
// Ids that look random and are public: user pools of Cognito, clients and issuers of Okta.
const publicId = /^([a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]{9}|(0oa|aus)[A-Za-z0-9]{17})$/;
const knownSecret =
  /-----BEGIN|(^|[^A-Za-z])(gh[opsur]_|github_pat_|glpat-|[rs]k[_-](live|test|proj|ant)|xox[abprs]-|AKIA|ASIA|GOCSPX-|AIza|ya29\.|hv[bs]\.|npm_|SG\.|eyJ|whsec_|dop_v1_|sb_secret_|figd_|AGE-SECRET-KEY-|sallyport_[0-9A-Za-z]{20})/;
const symbols = /[!$^&#?|\\`;%]/;
const url = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*/i;

/** Words of a variable that takes a few words or a number: what a slip makes of those. */
const slipOfWord =
  /^["']?([A-Za-z]?[a-z_, -]{0,30}|[A-Z_, -]{1,30}|[A-Za-z]{1,5}\d{0,3}|[\d\s.,xXeE+_-]{1,12})["']?$/;

/** Whether a text, or a part of it, may be a secret. The host of a URL is not judged. */
export function looksSecret(text: string): boolean {
  if (knownSecret.test(text)) return true;
  if (url.test(text))
    return text
      .replace(url, '')
      .split(/[/?#&=\s,]/)
      .some(isRandom);
  return text.split(/[\s,"[\]{}]+/).some((piece) => isRandom(piece) || isPassword(piece));
}

/** Replaces the parts of a URL that may be a secret, and shows the rest. */
export function hideInUrl(text: string): string {
  const [beginning = ''] = url.exec(text) ?? [];
  const rest = text.slice(beginning.length);
  const hide = (piece: string) => (isRandom(piece) ? '[redacted]' : piece);
  return beginning.replace(/\/\/.*@/, '//[redacted]@') + rest.replace(/[^/?#&=\s,]+/g, hide);
}

export function isUrl(text: string): boolean {
  return url.test(text) && !knownSecret.test(text);
}

/** For a variable of which only a few values are possible: anything else may be a secret. */
export function isSlip(text: string): boolean {
  return slipOfWord.test(text.trim());
}

/**
 * Random text changes often between digits and letters, or between cases, within one word. Words do
 * so at their ends only: `central1`, `NotesRead`.
 */
function isRandom(piece: string): boolean {
  const text = piece.replace(guids, '');
  if (hostName.test(text) || email.test(text) || publicId.test(text)) return false;
  const words = text.split(/[^A-Za-z0-9]+/);
  const letters = words.join('');
  const changes = words.reduce((sum, word) => sum + changesWithin(word), 0);
  if (/\d/.test(letters)) return letters.length >= 10 && changes >= 3;
  const upper = letters.replace(/[^A-Z]/g, '').length / Math.max(letters.length, 1);
  return letters.length >= 16 && upper >= 0.27 && upper <= 0.75 && changes >= 3;
}

function changesWithin(word: string): number {
  const digits = word.replace(/\d+$/, '').match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  const cases = word.match(/[a-z](?=[A-Z])/g)?.length ?? 0;
  return digits + cases;
}

/** Symbols that no name and no list has. */
function isPassword(piece: string): boolean {
  return piece.length >= 6 && (symbols.test(piece) || (piece.includes('@') && !email.test(piece)));
}
