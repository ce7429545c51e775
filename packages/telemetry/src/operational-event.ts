/** What verifiers, secrets and limiters report besides decisions, and how much it matters. */

import type { OperationalEvent } from '@sallyport/core';

export type { OperationalEvent } from '@sallyport/core';

/** Of Cloud Logging's severities, those in use. */
export type Severity = 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** Every type of event that is known here; the others are `other` in a metric. */
export type KnownEventType =
  | 'anonymous_limited'
  | 'api_key_record_changed'
  | 'api_key_use_not_recorded'
  | 'api_keys_available'
  | 'api_keys_unavailable'
  | 'assertion_key_random'
  | 'assertion_key_unused'
  | 'authentication_omitted'
  | 'body_consumed'
  | 'denial_list_available'
  | 'denial_list_loaded'
  | 'denial_list_unavailable'
  | 'egress_proxy_ignored'
  | 'breaker_closed'
  | 'breaker_opened'
  | 'child_failed'
  | 'child_limit_reached'
  | 'child_output_ignored'
  | 'child_shared'
  | 'child_stderr'
  | 'child_stopped'
  | 'child_watch_failed'
  | 'client_address_invalid'
  | 'credentials_refused'
  | 'env_file_ignored'
  | 'exchange_failed'
  | 'exchange_refused'
  | 'export_failed'
  | 'forwarded_ignored'
  | 'front_door_unchecked'
  | 'gate_failed'
  | 'gates_overlap'
  | 'handler_failed'
  | 'host_differs'
  | 'issuer_recognised'
  | 'keys_dropped'
  | 'keys_loaded'
  | 'keys_unavailable'
  | 'listening'
  | 'metadata_unreachable'
  | 'notes_unavailable'
  | 'policy_would_deny'
  | 'policy_would_fail'
  | 'protocol_error'
  | 'redis_available'
  | 'redis_evicts'
  | 'redis_password_unencrypted'
  | 'redis_unavailable'
  | 'request_forbidden'
  | 'sealing_key_random'
  | 'secret_access_denied'
  | 'secret_changed'
  | 'secret_loaded'
  | 'secret_not_found'
  | 'secret_refused'
  | 'secret_stale'
  | 'secret_trailing_newline'
  | 'secret_unavailable'
  | 'session_id_refused'
  | 'session_secret_missing'
  | 'setting_changed'
  | 'sign_in_failed'
  | 'sign_in_refused'
  | 'start_failed'
  | 'stopped'
  | 'stopping'
  | 'tool_answered_error'
  | 'tool_failed'
  | 'unexpected_failure'
  | 'upstream_available'
  | 'upstream_unavailable'
  | 'upstream_unencrypted'
  | 'upstream_ungated';

const severities: Readonly<Record<KnownEventType, Severity>> = {
  anonymous_limited: 'WARNING',
  api_key_record_changed: 'CRITICAL',
  api_key_use_not_recorded: 'WARNING',
  api_keys_available: 'INFO',
  api_keys_unavailable: 'ERROR',
  assertion_key_random: 'WARNING',
  assertion_key_unused: 'WARNING',
  authentication_omitted: 'WARNING',
  body_consumed: 'ERROR',
  denial_list_available: 'INFO',
  denial_list_loaded: 'INFO',
  denial_list_unavailable: 'ERROR',
  egress_proxy_ignored: 'WARNING',
  breaker_closed: 'INFO',
  breaker_opened: 'ERROR',
  child_failed: 'ERROR',
  child_limit_reached: 'WARNING',
  child_output_ignored: 'WARNING',
  child_shared: 'WARNING',
  child_stderr: 'INFO',
  child_stopped: 'INFO',
  child_watch_failed: 'ERROR',
  client_address_invalid: 'ERROR',
  credentials_refused: 'CRITICAL',
  env_file_ignored: 'WARNING',
  exchange_failed: 'ERROR',
  exchange_refused: 'WARNING',
  export_failed: 'WARNING',
  forwarded_ignored: 'WARNING',
  front_door_unchecked: 'WARNING',
  gate_failed: 'ERROR',
  gates_overlap: 'ERROR',
  handler_failed: 'WARNING',
  host_differs: 'WARNING',
  issuer_recognised: 'WARNING',
  keys_dropped: 'WARNING',
  keys_loaded: 'INFO',
  keys_unavailable: 'ERROR',
  listening: 'INFO',
  metadata_unreachable: 'WARNING',
  notes_unavailable: 'ERROR',
  policy_would_deny: 'WARNING',
  policy_would_fail: 'ERROR',
  protocol_error: 'ERROR',
  redis_available: 'INFO',
  redis_evicts: 'WARNING',
  redis_password_unencrypted: 'WARNING',
  redis_unavailable: 'ERROR',
  request_forbidden: 'WARNING',
  sealing_key_random: 'WARNING',
  secret_access_denied: 'ERROR',
  secret_changed: 'INFO',
  secret_loaded: 'INFO',
  secret_not_found: 'ERROR',
  secret_refused: 'ERROR',
  secret_stale: 'WARNING',
  secret_trailing_newline: 'WARNING',
  secret_unavailable: 'ERROR',
  session_id_refused: 'WARNING',
  session_secret_missing: 'WARNING',
  setting_changed: 'WARNING',
  sign_in_failed: 'ERROR',
  sign_in_refused: 'WARNING',
  start_failed: 'ERROR',
  stopped: 'INFO',
  stopping: 'INFO',
  tool_answered_error: 'INFO',
  tool_failed: 'ERROR',
  unexpected_failure: 'ERROR',
  upstream_available: 'INFO',
  upstream_unavailable: 'ERROR',
  upstream_unencrypted: 'WARNING',
  upstream_ungated: 'ERROR',
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
