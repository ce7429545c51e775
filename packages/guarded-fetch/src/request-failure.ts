import { type AuthError, isAuthError } from '@sallyport/core';
import { listCauses, unavailable } from './unavailable.ts';

// The meaning of system, TLS and HTTP client codes, for operators.
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|EAI_NODATA|EAI_NONAME)$/, 'DNS: the host name does not exist'],
  [/^(EAI_|ESERVFAIL|ETIMEOUT|EREFUSED|EBADRESP)/, 'DNS: the resolver does not answer'],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, 'TLS: the certificate has expired or is not valid yet'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'TLS: the certificate is for another host name'],
  [
    /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_SELF_|CERT_)/,
    'TLS: the certificate is not from a trusted authority; NODE_EXTRA_CA_CERTS adds one',
  ],
  [/^(EPROTO|ERR_SSL_|ERR_TLS_)/, 'TLS: the handshake failed'],
  [/^(ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL)$/, 'there is no route to the address'],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'no address of the host answered in time'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'the connection ended before the answer'],
  [/^(HPE_|UND_ERR_|ERR_HTTP)/, 'the answer is not valid HTTP'],
  [/^(Z_|ERR_.*(?:DECOMPRESS|BROTLI))/, 'the answer cannot be decompressed'],
];

// Errors of undici that have no code.
const messages: readonly (readonly [RegExp, string])[] = [
  [/^Proxy response/, 'the proxy refused the connection'],
  [/^bad port$/, 'HTTP clients refuse this port'],
];

/** Turns an error of undici into a refusal that names the cause. */
export function toRequestFailure(error: unknown): AuthError {
  const codes: string[] = [];
  for (const cause of listCauses(error)) {
    // Our own refusal, under what the HTTP client wrapped around it.
    if (isAuthError(cause)) return cause;
    if ('code' in cause && typeof cause.code === 'string') codes.push(cause.code);
    // No cause: it holds the bytes of the answer.
    if (cause.name === 'HTTPParserError') return unavailable('the answer is not valid HTTP');
    const meaning = messages.find(([pattern]) => pattern.test(cause.message))?.[1];
    if (meaning !== undefined) return unavailable(meaning, error);
  }
  const [code] = codes;
  if (code === undefined) return unavailable('no connection', error);
  const meaning = meanings.find(([pattern]) => pattern.test(code))?.[1];
  // Codes such as ECONNREFUSED say it themselves.
  return unavailable(meaning === undefined ? code : `${meaning} (${code})`, error);
}
