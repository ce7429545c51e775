import { expect, it } from 'vitest';
import { readTraceContext } from '../../src/index.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

it.each([
  ['sampled', `00-${traceId}-${spanId}-01`, true],
  ['not sampled', `00-${traceId}-${spanId}-02`, false],
  ['of a later version', `01-${traceId}-${spanId}-01`, true],
  ['of a later version with more fields', `cc-${traceId}-${spanId}-01-what-comes`, true],
])('reads a traceparent that is %s', (_, traceparent, sampled) => {
  expect(readTraceContext({ traceparent })).toEqual({ traceId, spanId, sampled });
});

it.each([
  ['nothing', ''],
  ['zeros for a trace', `00-${'0'.repeat(32)}-${spanId}-01`],
  ['zeros for a span', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['the version that cannot be', `ff-${traceId}-${spanId}-01`],
  ['upper case', `00-${traceId.toUpperCase()}-${spanId}-01`],
  ['more fields in version 00', `00-${traceId}-${spanId}-01-x`],
  ['a hyphen at the end of version 00', `00-${traceId}-${spanId}-01-`],
  ['a line break', `00-${traceId}-${spanId}-01\n`],
  ['two values', `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`],
  ['a megabyte', `01-${traceId}-${spanId}-01-${'x'.repeat(1_048_576)}`],
])('takes %s for no traceparent (OPS-03)', (_, traceparent) => {
  expect(readTraceContext({ traceparent })).toBeUndefined();
});

it.each([
  [`${traceId}/67667974448284343;o=1`, { traceId, spanId, sampled: true }],
  [`${traceId.toUpperCase()}/67667974448284343;o=0`, { traceId, spanId, sampled: false }],
  [`${traceId}/67667974448284343`, { traceId, spanId, sampled: false }],
  [traceId, { traceId, sampled: false }],
  [`${traceId};o=1`, { traceId, sampled: true }],
  [`${traceId}/0;o=1`, { traceId, sampled: true }],
  [`${traceId}/18446744073709551615`, { traceId, spanId: 'f'.repeat(16), sampled: false }],
  [`${traceId}/18446744073709551616`, { traceId, sampled: false }],
])('reads the X-Cloud-Trace-Context %s', (cloudTraceContext, trace) => {
  expect(readTraceContext({ cloudTraceContext })).toEqual(trace);
});

it.each([
  ['nothing', ''],
  ['zeros', '0'.repeat(32)],
  ['a short trace', traceId.slice(1)],
  ['words', `${traceId}/x;o=1`],
  ['a line break', `${traceId}/1;o=1\r\n{"severity":"DEBUG"}`],
  ['a megabyte', '0'.repeat(1_048_576)],
])('takes %s for no X-Cloud-Trace-Context (OPS-03)', (_, cloudTraceContext) => {
  expect(readTraceContext({ cloudTraceContext })).toBeUndefined();
});

it('prefers the standard, and takes the other where the standard is unusable', () => {
  const cloudTraceContext = `${'a'.repeat(32)}/1;o=1`;

  expect(
    readTraceContext({ traceparent: `00-${traceId}-${spanId}-01`, cloudTraceContext }),
  ).toMatchObject({ traceId });
  expect(readTraceContext({ traceparent: 'x', cloudTraceContext })).toMatchObject({
    traceId: 'a'.repeat(32),
  });
  expect(readTraceContext({})).toBeUndefined();
});
