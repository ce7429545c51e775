import type { AuditEvent, OperationalEvent } from '@sallyport/core';
import { expect, it } from 'vitest';
import { createJsonLines } from '../src/settings/json-lines.ts';

function setUp() {
  const written: string[] = [];
  let time = 1_700_000_000_000;
  const lines = createJsonLines(
    (line) => void written.push(line),
    () => time,
  );
  return {
    lines,
    written,
    read: () => written.map((line) => JSON.parse(line)),
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

const refused: AuditEvent = {
  event: 'refused',
  at: 1_700_000_000_000,
  verifier: 'jwt',
  code: 'token_expired',
  clientKey: '192.0.2.1',
};

it('writes one line of JSON for each decision and each event', () => {
  const { lines, read } = setUp();
  lines.audit.emit(refused);
  lines.onEvent({ type: 'metadata_unreachable', advice: 'Mount the gate elsewhere.' });

  expect(read()).toEqual([
    {
      severity: 'WARNING',
      time: '2023-11-14T22:13:20.000Z',
      event: 'refused',
      verifier: 'jwt',
      code: 'token_expired',
      clientKey: '192.0.2.1',
    },
    {
      severity: 'NOTICE',
      time: '2023-11-14T22:13:20.000Z',
      event: 'metadata_unreachable',
      advice: 'Mount the gate elsewhere.',
    },
  ]);
});

it.each([
  ['a line break', 'a\nb'],
  ['an escape sequence', '\u001b[31mred'],
  ['a mark of direction', '\u202eevil'],
  ['a line separator', 'a\u2028b'],
  ['a lone surrogate', '\ud800'],
  ['a quote', '","event":"authorized'],
  ['a megabyte', 'a'.repeat(1_000_000)],
  ['a megabyte of what is escaped', '\u2028'.repeat(1_000_000)],
])('keeps a claim with %s to one bounded line of ASCII (OPS-03)', (_name, subject) => {
  const { lines, written, read } = setUp();
  lines.audit.emit({ ...refused, subject, clientId: subject, issuer: subject, operation: subject });

  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/^[\x20-\x7e]{1,4096}$/);
  expect(read()[0]).toMatchObject({ event: 'refused', code: 'token_expired' });
});

it('writes no token, wherever it stands (OPS-05)', () => {
  const { lines, written } = setUp();
  const token = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJhIn0', 'c2lnbmF0dXJl'].join('.');
  lines.audit.emit({ ...refused, subject: token, detail: `of ${token}` });
  lines.onEvent({ type: 'other', detail: token } as OperationalEvent);
  const key = `sallyport_${'aB3'.repeat(16)}x`;
  lines.onEvent({ type: 'other', detail: `of ${key}` } as OperationalEvent);

  expect(written.join('')).not.toMatch(/eyJ|aB3/);
});

it('writes a hundred refusals of one reason in a second, and counts the others (OPS-04)', () => {
  const { lines, read, pass } = setUp();
  for (let count = 0; count < 150; count += 1) lines.audit.emit(refused);
  lines.audit.emit({ ...refused, code: 'token_malformed' });
  const inOneSecond = read().length;
  pass(1_000);
  lines.audit.emit(refused);

  expect(inOneSecond).toBe(101);
  expect(read().slice(101)).toEqual([
    expect.objectContaining({ event: 'suppressed', reason: 'token_expired', suppressed: 50 }),
    expect.objectContaining({ event: 'refused', code: 'token_expired' }),
  ]);
});

it('writes every decision that let somebody in', () => {
  const { lines, written } = setUp();
  for (let count = 0; count < 150; count += 1) {
    lines.audit.emit({ event: 'authorized', at: 0, verifier: 'jwt' });
  }

  expect(written).toHaveLength(150);
});

it.each([
  ['credentials_missing', 'INFO'],
  ['token_expired', 'WARNING'],
  ['upstream_unavailable', 'ERROR'],
] as const)('gives %s the severity %s', (code, severity) => {
  const { lines, read } = setUp();
  lines.audit.emit({ ...refused, code });

  expect(read()[0]).toMatchObject({ severity });
});
