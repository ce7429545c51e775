import { expect, it } from 'vitest';
import { eventTypeOf, severityOfEvent } from '../src/operational-event.ts';

/** Decided by what an operator has to do, and so written down twice. */
const expected = {
  CRITICAL: ['credentials_refused'],
  ERROR: [
    'body_consumed',
    'breaker_opened',
    'client_address_invalid',
    'gate_failed',
    'gates_overlap',
    'keys_unavailable',
    'notes_unavailable',
    'protocol_error',
    'redis_unavailable',
    'secret_access_denied',
    'secret_not_found',
    'secret_refused',
    'secret_unavailable',
    'start_failed',
    'tool_failed',
    'unexpected_failure',
  ],
  WARNING: [
    'authentication_omitted',
    'egress_proxy_ignored',
    'env_file_ignored',
    'export_failed',
    'forwarded_ignored',
    'handler_failed',
    'host_differs',
    'keys_dropped',
    'metadata_unreachable',
    'redis_evicts',
    'redis_password_unencrypted',
    'request_forbidden',
    'secret_stale',
    'secret_trailing_newline',
    'session_id_refused',
    'session_secret_missing',
    'setting_changed',
  ],
  INFO: [
    'breaker_closed',
    'keys_loaded',
    'listening',
    'redis_available',
    'secret_changed',
    'secret_loaded',
    'stopped',
    'stopping',
  ],
} as const;

it.each(Object.entries(expected))('writes events of their kinds with %s', (severity, types) => {
  expect(types.map((type) => [type, eventTypeOf({ type }), severityOfEvent({ type })])).toEqual(
    types.map((type) => [type, type, severity]),
  );
});

it('writes a secret among public keys with CRITICAL', () => {
  const severityFor = (reason: unknown) => severityOfEvent({ type: 'keys_dropped', reason });

  expect(['private', 'symmetric', 'too_short', 7].map(severityFor)).toEqual([
    'CRITICAL',
    'CRITICAL',
    'WARNING',
    'WARNING',
  ]);
});

it.each(['no_such_event', 'constructor', '__proto__'])(
  'writes the unknown type %s as other',
  (type) => {
    expect([eventTypeOf({ type }), severityOfEvent({ type })]).toEqual(['other', 'WARNING']);
  },
);
