/** What a person reads who scrolls through a list of lines. */
import type { AuditEvent } from '@sallyport/core';
import { expect, it } from 'vitest';
import { accepted, refused, setUp } from './lines.ts';
import { naughtyStrings } from './naughty-strings.ts';

const clientKey = '203.0.113.7';
const decisions: readonly (readonly [AuditEvent, string])[] = [
  [{ ...refused, code: 'token_expired' }, 'refused token_expired'],
  [
    {
      ...refused,
      code: 'token_audience_mismatch',
      detail: 'aud differs by a trailing slash',
      clientKey,
    },
    'refused token_audience_mismatch: aud differs by a trailing slash (client 203.0.113.7)',
  ],
  [
    {
      ...refused,
      code: 'scope_insufficient',
      detail: 'missing write:data; granted read:data',
      operation: 'tools/call write_note',
    },
    'refused scope_insufficient: missing write:data; granted read:data (tools/call write_note)',
  ],
  [
    { ...refused, code: 'token_audience_mismatch', detail: 'aud: differs from "a b"' },
    'refused token_audience_mismatch: aud: differs from "a b"',
  ],
  [{ ...accepted, event: 'abandoned', clientKey }, 'abandoned (client 203.0.113.7)'],
  [{ ...accepted, clientKey }, 'authenticated'],
  [{ ...accepted, event: 'authorized', operation: 'tools/list' }, 'authorized'],
];

it.each(decisions)('CASE-51: says of %j what is to be known at a glance', (decision, message) => {
  const { sink, read } = setUp();
  sink.emit(decision);

  expect(read()).toMatchObject([{ message }]);
});

it('CASE-71: writes an abandoned request as no error and without a status', () => {
  const { sink, read } = setUp();
  sink.emit({ ...accepted, event: 'abandoned', clientKey, durationMs: 5 });

  expect(read()).toMatchObject([{ severity: 'INFO', event: 'abandoned', clientKey }]);
  expect(read()[0]).not.toHaveProperty('status');
  expect(read()[0]).not.toHaveProperty('code');
});

it('CASE-71: counts a flood of abandoned requests, and writes a hundred of a second', () => {
  const { sink, read } = setUp();
  for (let count = 0; count < 1_000; count += 1) sink.emit({ ...accepted, event: 'abandoned' });
  sink.close();

  expect(read()).toHaveLength(101);
  expect(read().at(-1)).toMatchObject({ reason: 'abandoned', suppressed: 900 });
});

it.each([
  [
    { type: 'start_failed', variable: 'PORT', problem: 'must be "a number"' },
    'ERROR',
    'The server did not start. PORT: must be "a number"',
  ],
  [{ type: 'start_failed', problem: 'no answer' }, 'ERROR', 'The server did not start. no answer'],
  [
    { type: 'listening', resource: 'https://notes.example.com/mcp', port: 8000 },
    'INFO',
    'listening for https://notes.example.com/mcp',
  ],
  [{ type: 'stopping', signal: 'SIGTERM' }, 'INFO', 'stopping after SIGTERM'],
  [{ type: 'stopped' }, 'INFO', 'stopped'],
  [{ type: 'keys_loaded', count: 2 }, 'INFO', 'keys_loaded'],
  [
    { type: 'keys_unavailable', detail: 'keys: ECONNREFUSED' },
    'ERROR',
    'keys_unavailable: keys: ECONNREFUSED',
  ],
  [
    { type: 'tool_failed', tool: 'write_note', reason: 'busy' },
    'ERROR',
    'tool_failed: write_note: busy',
  ],
  [{ type: 'request_forbidden', field: 'Host' }, 'WARNING', 'request_forbidden: Host'],
  [
    { type: 'exchange_failed', target: 'crm', reason: 'target_refused', detail: 'invalid_target' },
    'ERROR',
    'exchange_failed: crm: target_refused: invalid_target',
  ],
  [
    { type: 'exchange_refused', target: 'crm', reason: 'subject_token_refused' },
    'WARNING',
    'exchange_refused: crm: subject_token_refused',
  ],
])('CASE-48: says of %j what happened', (event, severity, message) => {
  const { sink, read } = setUp();
  sink.log(event);

  expect(read()).toMatchObject([{ severity, message, time: '2026-01-01T00:00:00.000Z' }]);
});

it('CASE-46: leaves a command as it is, to be pasted', () => {
  const remedy = `gcloud secrets add-iam-policy-binding "a" --member='serviceAccount:b' \\`;
  const { sink, read } = setUp();
  sink.log({ type: 'secret_access_denied', name: 'a', remedy });

  expect(read()).toMatchObject([{ remedy }]);
});

it.each(naughtyStrings)(
  'OPS-03: keeps lines whole with %s in sentences and commands',
  (_, text) => {
    const { sink, read } = setUp();
    sink.log({ type: 'start_failed', variable: text, problem: text });
    sink.log({ type: 'secret_access_denied', name: text, remedy: text });
    sink.log({ type: 'stopping', signal: text });
    sink.log({ type: 'listening', resource: text });

    expect(read()).toHaveLength(4);
  },
);

it('OPS-05: leaves no token in sentences and commands', () => {
  const { sink, written } = setUp();
  const problem = `it holds ${'eyJhbGciOiJub25lIn0'}.e30.`;
  sink.log({ type: 'start_failed', problem });

  expect(written.join('')).not.toContain('eyJ');
  expect(written.join('')).toContain('[token]');
});
