import type { FaultyReading, SecretFault } from '@sallyport/cached-secrets';

// Names of AWS's errors: those of the service, of signatures, and of the search for credentials.
const faults: Readonly<Record<string, SecretFault>> = {
  ResourceNotFoundException: 'not_found',
  // The secret is marked for deletion.
  InvalidRequestException: 'version_unusable',
  AccessDeniedException: 'access_denied',
  AccessDenied: 'access_denied',
  // The key of KMS may not be used.
  DecryptionFailure: 'access_denied',
  UnrecognizedClientException: 'login_refused',
  InvalidSignatureException: 'login_refused',
  InvalidClientTokenId: 'login_refused',
  MissingAuthenticationTokenException: 'login_refused',
  ExpiredTokenException: 'login_refused',
  CredentialsProviderError: 'credentials_missing',
  TokenProviderError: 'credentials_missing',
  InternalServiceError: 'unavailable',
  ThrottlingException: 'unavailable',
  TooManyRequestsException: 'unavailable',
  RequestLimitExceeded: 'unavailable',
  TimeoutError: 'timeout',
};
const networkCode = /^E[A-Z_]{3,30}$/;

/**
 * Reads what the client threw. Only names and codes are shown: a message may quote a request, and its
 * cause a session token.
 */
export function toFault(error: unknown): FaultyReading {
  const { name, code, $metadata } = Object(error) as Readonly<Record<string, unknown>>;
  const { httpStatusCode: status } = Object($metadata) as { readonly httpStatusCode?: unknown };
  const known = typeof name === 'string' && Object.hasOwn(faults, name) ? faults[name] : undefined;
  const shownStatus = typeof status === 'number' ? `HTTP ${status}` : undefined;
  if (known !== undefined) {
    return { fault: known, detail: [shownStatus, name].filter(Boolean).join(': ') };
  }
  if (typeof status === 'number') {
    const fault = status >= 500 || status === 429 ? 'unavailable' : 'rejected';
    return { fault, detail: `HTTP ${status}` };
  }
  const isCode = typeof code === 'string' && networkCode.test(code);
  return { fault: 'unavailable', detail: isCode ? `no connection: ${code}` : 'the request failed' };
}
