/** The field that carries the token where clients or a front door do not use `Authorization`. */
import { type Check, type Checks, ConfigError, type CredentialField, check } from '@sallyport/core';
import type { GateRequest } from './gate-request.ts';

const fieldName = check.where(
  'must be a header field in lower case',
  (value) => typeof value === 'string' && /^(?!authorization$)[a-z][a-z\d_-]*$/.test(value),
);

const checks: Checks<CredentialField> = {
  field: fieldName,
  authorization: check.oneOf('either', 'ignored'),
  hides: check.optional(check.listOf(fieldName)),
  ambient: check.optional(check.flag),
};

export const credentialFieldCheck: Check = check.options(checks);

/**
 * Checks what stands beside a credential that browsers send by themselves, because a front door adds it.
 *
 * @throws {ConfigError} When others would be let in.
 */
export function assertAlone(hasOtherOrigins: boolean, hasAnonymous: boolean): void {
  if (hasOtherOrigins) {
    throw new ConfigError('gate.allowedOrigins', 'must be absent beside an ambient credential');
  }
  if (!hasAnonymous) return;
  throw new ConfigError(
    'gate.anonymous',
    'must be absent: a request without the credential of the front door came around it',
  );
}

/** The values of `Authorization`, or what stands for them. Two values are two credentials, which the guard refuses. */
export function readAuthorization(
  field: GateRequest['field'],
  source: CredentialField | undefined,
): readonly string[] {
  const authorization = source?.authorization === 'ignored' ? [] : field('authorization');
  if (source === undefined) return authorization;
  return [...field(source.field).map((token) => `Bearer ${token}`), ...authorization];
}

/** Whether the browser says that a page of another site sent the request (Fetch Metadata, "Sec-Fetch-Site"). */
export function isCrossSite(field: GateRequest['field']): boolean {
  return field('sec-fetch-site').some((site) => site !== 'same-origin' && site !== 'none');
}

/** Whether the body is JSON. Browsers send such a request to another origin only after a preflight. */
export function saysJson(field: GateRequest['field']): boolean {
  return /^application\/json *(;|$)/i.test(field('content-type').join());
}
