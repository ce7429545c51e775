/** The field that carries the token where clients or a front door do not use `Authorization`. */
import { type Check, type Checks, check } from '@sallyport/core';
import type { GateRequest } from './gate-request.ts';

/** Where a request carries its token. The gate hides this field from the handler, as it hides `Authorization`. */
export interface CredentialField {
  /** The field whose whole value is the token, in lower case, such as `x-api-key`. */
  readonly field: string;
  /**
   * What `Authorization` means beside it. With `either`, the token comes in one of the two, and a request with both
   * is 400. With `ignored`, only {@link field} counts, and the gate hides `Authorization` without reading it.
   */
  readonly authorization: 'either' | 'ignored';
  /** More fields to hide from the handler, in lower case. A name that ends in `-` hides all that begin with it. */
  readonly hides?: readonly string[];
  /**
   * Whether browsers send the credential without being asked, such as a cookie that a proxy turns into
   * {@link field}. The gate then refuses requests from other sites, and a POST without `application/json`.
   * Default false.
   */
  readonly ambient?: boolean;
}

const fieldName = check.where(
  'must be a header field in lower case, such as x-api-key',
  (value) => typeof value === 'string' && /^(?!authorization$|host$)[a-z][a-z\d_-]*$/.test(value),
);

const checks: Checks<CredentialField> = {
  field: fieldName,
  authorization: check.oneOf('either', 'ignored'),
  hides: check.optional(check.listOf(fieldName)),
  ambient: check.optional(check.flag),
};

export const credentialFieldCheck: Check = check.options(checks);

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
  const [type = '', second] = field('content-type');
  return second === undefined && /^application\/json\s*(;|$)/i.test(type);
}
