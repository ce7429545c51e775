import type { KeyEvent } from '@sallyport/verifier-jwt';
import { expect, it } from 'vitest';
import { formatEvent } from '../src/audit-log.ts';

it.each<[KeyEvent, string]>([
  [{ type: 'keys_loaded', count: 2 }, 'INFO'],
  [{ type: 'keys_unavailable', detail: 'keys: HTTP 500' }, 'WARNING'],
  [{ type: 'keys_dropped', reason: 'too weak', count: 1 }, 'WARNING'],
  [{ type: 'keys_dropped', reason: 'private', count: 1 }, 'CRITICAL'],
  [{ type: 'keys_dropped', reason: 'symmetric', count: 1 }, 'CRITICAL'],
])('logs %j as one line of severity %s (JWK-08)', (event, severity) => {
  const line = formatEvent(event);
  const { type, ...fields } = event;

  expect(JSON.parse(line)).toEqual({ severity, event: type, ...fields });
  expect(line.indexOf('\n')).toBe(line.length - 1);
});
