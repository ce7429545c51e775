import type { FaultyReading, SecretFault } from '@sallyport/cached-secrets';

const longestDetail = 300;
const networkCode =
  /\b(EAI_AGAIN|ECONNABORTED|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EPIPE|ETIMEDOUT)\b|socket hang up|network (error|timeout)/i;

/** Reads what the client threw: a gRPC status, or whatever went wrong before there was a call. */
export function toFault(cause: unknown): FaultyReading {
  const { code, details, message } = Object(cause) as Readonly<Record<string, unknown>>;
  // The text, too: an untrusted certificate has the code of an outage.
  const detail = toLine(details ?? message ?? cause);
  if (isStatus(code) && isNetworkFailure(detail)) {
    return { fault: 'unavailable', detail: `${code} ${detail}`, cause };
  }
  if (isStatus(code)) return { fault: faultOf(code), detail: `${code} ${detail}`, cause };
  const fault =
    /credential|project id/i.test(detail) && !networkCode.test(detail)
      ? 'credentials_missing'
      : 'unavailable';
  return { fault, detail, cause };
}

/** The client could not reach the server that gives it access tokens, which it calls unauthenticated. */
function isNetworkFailure(detail: string): boolean {
  return /metadata from plugin|generate metadata/i.test(detail) && networkCode.test(detail);
}

// The search for credentials fails with status codes of HTTP.
function isStatus(code: unknown): code is number {
  return typeof code === 'number' && code >= 1 && code <= 16;
}

function faultOf(code: number): SecretFault {
  switch (code) {
    // CANCELLED: the server was ended during the call.
    case 1:
    // UNKNOWN, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE.
    case 2:
    case 8:
    case 10:
    case 13:
    case 14:
      return 'unavailable';
    case 4:
      return 'timeout';
    case 5:
      return 'not_found';
    case 7:
    case 16:
      return 'access_denied';
    case 9:
      return 'version_unusable';
    default:
      return 'rejected';
  }
}

function toLine(text: unknown): string {
  const line = String(text).replace(/\s+/g, ' ').trim();
  return line.length > longestDetail ? `${line.slice(0, longestDetail)}…` : line;
}
