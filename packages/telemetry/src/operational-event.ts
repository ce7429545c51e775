/** What verifiers, secrets and limiters report besides decisions, and how much it matters. */

import type { OperationalEvent } from '@sallyport/core';

export type { OperationalEvent } from '@sallyport/core';

/** Of Cloud Logging's severities, those in use. */
export type Severity = 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** Every type of event that is known here; the others are `other` in a metric. */
export type KnownEventType =
  | 'authentication_omitted'
  | 'breaker_closed'
  | 'breaker_opened'
  | 'credentials_refused'
  | 'env_file_ignored'
  | 'export_failed'
  | 'handler_failed'
  | 'keys_dropped'
  | 'keys_loaded'
  | 'keys_unavailable'
  | 'protocol_error'
  | 'redis_available'
  | 'redis_unavailable'
  | 'secret_access_denied'
  | 'secret_changed'
  | 'secret_loaded'
  | 'secret_not_found'
  | 'secret_refused'
  | 'secret_stale'
  | 'secret_trailing_newline'
  | 'secret_unavailable'
  | 'setting_changed'
  | 'unexpected_failure';

const severities: Readonly<Record<KnownEventType, Severity>> = {
  authentication_omitted: 'WARNING',
  breaker_closed: 'INFO',
  breaker_opened: 'ERROR',
  credentials_refused: 'CRITICAL',
  env_file_ignored: 'WARNING',
  export_failed: 'WARNING',
  handler_failed: 'WARNING',
  keys_dropped: 'WARNING',
  keys_loaded: 'INFO',
  keys_unavailable: 'ERROR',
  protocol_error: 'ERROR',
  redis_available: 'INFO',
  redis_unavailable: 'ERROR',
  secret_access_denied: 'ERROR',
  secret_changed: 'INFO',
  secret_loaded: 'INFO',
  secret_not_found: 'ERROR',
  secret_refused: 'ERROR',
  secret_stale: 'WARNING',
  secret_trailing_newline: 'WARNING',
  secret_unavailable: 'ERROR',
  setting_changed: 'WARNING',
  unexpected_failure: 'ERROR',
};

/** {@link OperationalEvent.type}, out of a closed list. */
export function eventTypeOf({ type }: OperationalEvent): KnownEventType | 'other' {
  return Object.hasOwn(severities, type) ? (type as KnownEventType) : 'other';
}

/** How much an operator must hurry. */
export function severityOfEvent(event: OperationalEvent): Severity {
  const type = eventTypeOf(event);
  // The authorization server publishes secrets: whoever reads its key set can sign tokens.
  if (type === 'keys_dropped' && isSecretKey(event['reason'])) return 'CRITICAL';
  return type === 'other' ? 'WARNING' : severities[type];
}

function isSecretKey(reason: unknown): boolean {
  return reason === 'private' || reason === 'symmetric';
}
