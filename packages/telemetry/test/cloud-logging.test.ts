import {
  type AuditEvent,
  type AuthErrorCode,
  authErrorAnswers,
  type OperationalEvent,
} from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createCloudLoggingSink } from '../src/index.ts';
import { accepted, refused, setUp } from './lines.ts';
import { naughtyStrings } from './naughty-strings.ts';

const trace = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  sampled: true,
};

it('writes a decision as Cloud Logging reads it', () => {
  const { sink, read } = setUp({ projectId: 'my-project' });
  sink.emit({ ...accepted, subject: 'user-1', clientKey: '192.0.2.1', durationMs: 0.5, trace });

  expect(read()).toEqual([
    {
      severity: 'INFO',
      time: '2026-01-01T00:00:00.000Z',
      event: 'authenticated',
      verifier: 'jwt',
      subject: 'user-1',
      clientKey: '192.0.2.1',
      durationMs: 0.5,
      'logging.googleapis.com/trace': `projects/my-project/traces/${trace.traceId}`,
      'logging.googleapis.com/spanId': trace.spanId,
      'logging.googleapis.com/trace_sampled': true,
      message: 'authenticated',
    },
  ]);
});

it.each([
  ['https://docs.example.com', 'https://docs.example.com/errors/token_inactive'],
  ['https://example.com/docs/', 'https://example.com/docs/errors/token_inactive'],
  [undefined, undefined],
])('with the documentation %s, names the page %s', (documentation, page) => {
  const { sink, read } = setUp({ documentation });
  sink.emit({ ...refused, code: 'token_inactive' });
  sink.emit(accepted);
  sink.log({ type: 'keys_loaded', documentation: 'https://other.example' } as OperationalEvent);

  expect(read().map((line) => line['documentation'])).toEqual([page, undefined, undefined]);
});

it('writes no trace that is none', () => {
  const { sink, read } = setUp();
  sink.emit({ ...accepted, trace: { traceId: 'x","a":"', spanId: '\n', sampled: true } });

  expect(Object.keys(read()[0] ?? {}).join()).not.toContain('googleapis');
});

it.each([
  ['token_inactive', 'WARNING'],
  ['credentials_missing', 'INFO'],
  ['upstream_unavailable', 'ERROR'],
] as const)('writes %s as %s, with its status', (code, severity) => {
  const { sink, read } = setUp();
  sink.emit({ ...refused, code });

  const { status } = authErrorAnswers[code];
  expect(read()).toMatchObject([{ severity, code, status, message: `refused ${code}` }]);
});

it.each([
  [{ type: 'keys_dropped', reason: 'private', count: 1 }, 'CRITICAL'],
  [{ type: 'keys_dropped', reason: 'symmetric', count: 1 }, 'CRITICAL'],
  [{ type: 'keys_dropped', reason: 'too many', count: 1 }, 'WARNING'],
  [{ type: 'secret_loaded', name: 'jwt-issuer', version: '1', isNew: true }, 'INFO'],
  [{ type: 'redis_unavailable', reason: 'timeout' }, 'ERROR'],
  [{ type: 'authentication_omitted' }, 'WARNING'],
  [{ type: 'setting_changed', variable: 'X', version: '2' }, 'WARNING'],
  [{ type: 'handler_failed', detail: 'x' }, 'WARNING'],
])('writes the event $type as it matters', ({ type, ...fields }: OperationalEvent, severity) => {
  const { sink, read } = setUp();
  sink.log({ type, ...fields });

  const message = [type, fields['name'], fields['reason'], fields['detail']]
    .filter(Boolean)
    .join(': ');
  expect(read()).toMatchObject([{ ...fields, severity, event: type, message }]);
});

it('lets no field of an event pass for one of its own', () => {
  const { sink, read } = setUp();
  sink.log({ type: '__proto__', severity: 'DEBUG', message: 'all is well', time: 'never' });

  expect(read()).toEqual([
    {
      severity: 'WARNING',
      time: '2026-01-01T00:00:00.000Z',
      event: 'other',
      omitted: 3,
      name: '__proto__',
      message: 'other',
    },
  ]);
});

describe('one line of JSON for every event, of 4 KB at most (OPS-03)', () => {
  it.each(naughtyStrings)('with %s in every field of a decision', (_, text) => {
    const { sink, read } = setUp({ projectId: 'my-project' });
    const event = {
      ...refused,
      verifier: text,
      clientKey: text,
      operation: text,
      detail: text,
      issuer: text,
      subject: text,
      clientId: text,
      trace,
    };
    sink.emit(event);
    sink.emit({ ...event, event: 'authorized' });
    sink.emit({ ...event, code: text as AuthErrorCode });

    expect(read().map((line) => line['event'])).toEqual(['refused', 'authorized', 'refused']);
  });

  it.each(naughtyStrings)('with %s in an event', (_, text) => {
    const { sink, read } = setUp();
    sink.log({ type: text, [text]: text, detail: text, nested: { text }, list: [text] });
    sink.log(
      Object.fromEntries([
        ['type', 'x'],
        ...Array.from({ length: 500 }, (__, i) => [`${i}${text}`, text]),
      ]) as { type: string },
    );

    expect(read()).toMatchObject([{ severity: 'WARNING' }, { severity: 'WARNING' }]);
  });
});

describe('a flood (OPS-04)', () => {
  it('is written a hundred times a second for each reason, and counted', () => {
    const { sink, clock, read } = setUp();
    for (let count = 0; count < 1_000; count += 1) {
      sink.emit(refused);
      if (count < 300) sink.emit({ ...refused, code: 'token_malformed' });
    }
    expect(read()).toHaveLength(200);

    clock.time += 1_000;
    sink.emit(accepted);
    expect(read().slice(200)).toMatchObject([
      { event: 'suppressed', reason: 'token_inactive', suppressed: 900, severity: 'WARNING' },
      { event: 'suppressed', reason: 'token_malformed', suppressed: 200 },
      { event: 'authenticated' },
    ]);
  });

  it('keeps back no accepted request', () => {
    const { sink, read } = setUp();
    for (let count = 0; count < 1_000; count += 1) {
      sink.emit(accepted);
      sink.emit({ ...accepted, event: 'authorized' });
    }

    expect(read()).toHaveLength(2_000);
  });

  it('is counted to the end when the process ends', () => {
    const { sink, read } = setUp({ linesPerSecond: 1 });
    for (let count = 0; count < 5; count += 1) sink.emit(refused);
    sink.close();
    sink.close();

    expect(read().slice(1)).toMatchObject([{ suppressed: 4 }]);
  });

  it('of unknown events is one reason, whatever they are called (OPS-08)', () => {
    const { sink, read } = setUp();
    for (let count = 0; count < 1_000; count += 1) sink.log({ type: `type-${count}` });

    expect(read()).toHaveLength(100);
  });

  it('ends when the clock is set back', () => {
    const { sink, clock, read } = setUp({ linesPerSecond: 1 });
    sink.emit(refused);
    clock.time -= 3_600_000;
    sink.emit(refused);
    sink.emit(refused);

    expect(read().filter(({ event }) => event === 'refused')).toHaveLength(2);
  });
});

it('throws what its writer throws: no record, no access', () => {
  const sink = createCloudLoggingSink({
    write: () => {
      throw new Error('disk full');
    },
  });

  expect(() => sink.emit(accepted)).toThrow('disk full');
});

it.each([
  ['cloudLogging.projectId', { projectId: 'a/../b' }],
  ['cloudLogging.documentation', { documentation: 'docs.example.com' }],
  ['cloudLogging.documentation', { documentation: 'https://docs.example.com/?page=' }],
  ['cloudLogging.linesPerSecond', { linesPerSecond: Number.NaN }],
  ['cloudLogging.linesPerSecond', { linesPerSecond: 0 }],
])('refuses a wrong %s', (option, options) => {
  expect(() => createCloudLoggingSink(options)).toThrow(expect.objectContaining({ option }));
});

it('knows every code there is', () => {
  const { sink, read } = setUp();
  const codes = Object.keys(authErrorAnswers) as AuthErrorCode[];
  for (const code of codes) sink.emit({ ...refused, code } satisfies AuditEvent);

  expect(read().map(({ code }) => code)).toEqual(codes);
});
