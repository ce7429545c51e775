/** Finds the tokens and secrets in the credentials of a request. */
import type { Watch } from './watch.ts';

/** @param field The value of an `Authorization` header field. */
export function keepAuthorization(field: unknown, watch: Watch): void {
  if (typeof field !== 'string') return;
  const [scheme = '', ...credentials] = field.trim().split(/ +/);
  // The id of a key, a region and a signature: what is secret stays with the client.
  if (scheme === 'AWS4-HMAC-SHA256') return;
  const text = credentials.join(' ');
  watch.keepSecret(text);
  if (scheme.toLowerCase() === 'basic') keepPassword(text, watch);
}

/** The secret of `client:secret` in base64. The name of the client is public (RFC 6749 §2.3.1). */
function keepPassword(text: string, watch: Watch): void {
  const pair = Buffer.from(text, 'base64').toString();
  const secret = pair.slice(pair.indexOf(':') + 1);
  watch.keepSecret(secret);
  try {
    watch.keepSecret(decodeURIComponent(secret));
  } catch {
    // Not encoded as a form, and kept as it is.
  }
}

/** Header fields that hold a token or secret and nothing else. */
export const secretFields: readonly string[] = ['dpop', 'x-amz-security-token', 'x-vault-token'];

/** Settings of a program that are secret. */
const secretVariable =
  /(?:_SECRET|TOKENS?|PASSWORD|PRIVATE_KEY|PUBLIC_KEY|REDIS_URL|OTLP_HEADERS)$/;

/** @param pair `NAME=value`. */
export function keepVariable(pair: string, watch: Watch): void {
  const end = pair.indexOf('=');
  if (secretVariable.test(pair.slice(0, end))) watch.keepSecret(pair.slice(end + 1));
}
