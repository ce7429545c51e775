/**
 * Hides what looks like a token or a secret in a text that may quote an argument: JWTs, and long words that mix
 * capitals, small letters and digits as random texts do.
 */
export function hideSecrets(text: string): string {
  return text.replace(/[A-Za-z0-9_~+=.-]{20,}/g, (word) => (isSecret(word) ? '[hidden]' : word));
}

function isSecret(word: string): boolean {
  if (/^\W*eyJ/.test(word.replace(/^-*\w+=/, ''))) return true;
  return [/[A-Z]/, /[a-z]/, /[0-9]/].every((kind) => kind.test(word));
}
