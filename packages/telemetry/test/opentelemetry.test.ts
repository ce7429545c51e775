import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { type AuthErrorCode, authErrorAnswers } from '@sallyport/core';
import { expect, it } from 'vitest';
import { metricNames } from '../src/index.ts';
import { createOpenTelemetrySink, type Readings } from '../src/opentelemetry.ts';
import { accepted, refused } from './lines.ts';
import { naughtyStrings } from './naughty-strings.ts';

class TestReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

function setUp(readings: Readings = {}) {
  const clock = { time: 0 };
  const reader = new TestReader();
  const exporter = new InMemorySpanExporter();
  const sink = createOpenTelemetrySink({
    verifiers: ['jwt'],
    readings,
    meterProvider: new MeterProvider({ readers: [reader] }),
    tracerProvider: new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    }),
    monotonicNow: () => clock.time,
  });
  const collect = async () => (await reader.collect()).resourceMetrics;
  const points = async (name: string) => {
    const metrics = (await collect()).scopeMetrics.flatMap((scope) => scope.metrics);
    const found = metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
    return found.map(({ attributes, value }) => ({ attributes, value }));
  };
  return { sink, clock, collect, points, spans: () => exporter.getFinishedSpans() };
}

const labels = (event: string, code: string, verifier = 'jwt') => ({
  'sallyport.event': event,
  'sallyport.code': code,
  'sallyport.verifier': verifier,
});

it('counts decisions by event, code and verifier', async () => {
  const { sink, points } = setUp();
  sink.emit(accepted);
  sink.emit(refused);
  sink.emit(refused);

  expect(await points(metricNames.decisions)).toEqual([
    { attributes: labels('authenticated', 'none'), value: 1 },
    { attributes: labels('refused', 'token_inactive'), value: 2 },
  ]);
});

it('CASE-71: counts an abandoned request as such, and its span has no error', async () => {
  const { sink, points, spans } = setUp();
  sink.emit({ ...accepted, event: 'abandoned', durationMs: 5 });

  expect(await points(metricNames.decisions)).toEqual([
    { attributes: labels('abandoned', 'none'), value: 1 },
  ]);
  expect(spans()).toMatchObject([{ name: 'sallyport abandoned', status: { code: 0 } }]);
});

it('measures verification in seconds', async () => {
  const { sink, points } = setUp();
  sink.emit({ ...accepted, durationMs: 40 });
  sink.emit({ ...accepted, event: 'authorized' });

  expect(await points(metricNames.verificationDuration)).toMatchObject([
    { attributes: labels('authenticated', 'none'), value: { count: 1, sum: 0.04 } },
  ]);
});

it('makes a span of a decision, in the trace of its request', () => {
  const { sink, spans } = setUp();
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const spanId = '00f067aa0ba902b7';
  sink.emit({ ...refused, durationMs: 5, trace: { traceId, spanId, sampled: true } });
  sink.emit({ ...refused, code: 'upstream_unavailable' });

  const [span, failure] = spans();
  expect(span).toMatchObject({
    name: 'sallyport refused',
    attributes: labels('refused', 'token_inactive'),
    parentSpanContext: { traceId, spanId },
    status: { code: 0 },
    duration: [0, 5_000_000],
  });
  expect(failure?.status).toEqual({ code: 2 });
});

it('has no label and no attribute from outside (OPS-08)', async () => {
  const { sink, points, spans } = setUp();
  for (const [, text] of naughtyStrings) {
    sink.log({ type: text, name: text, reason: text });
    sink.emit({
      ...refused,
      verifier: text,
      code: text as AuthErrorCode,
      clientKey: text,
      operation: text,
      detail: text,
      issuer: text,
      subject: text,
      clientId: text,
    });
  }

  expect(await points(metricNames.decisions)).toEqual([
    { attributes: labels('refused', 'none', 'other'), value: naughtyStrings.length },
  ]);
  expect(await points(metricNames.events)).toEqual([
    {
      attributes: { 'sallyport.event': 'other', 'sallyport.severity': 'WARNING' },
      value: naughtyStrings.length,
    },
  ]);
  expect(
    new Set(spans().map(({ name, attributes }) => JSON.stringify([name, attributes]))),
  ).toEqual(new Set([JSON.stringify(['sallyport refused', labels('refused', 'none', 'other')])]));
});

it('has a label for every code', async () => {
  const { sink, points } = setUp();
  const codes = Object.keys(authErrorAnswers) as AuthErrorCode[];
  for (const code of codes) sink.emit({ ...refused, code });

  const found = await points(metricNames.decisions);
  expect(found.map(({ attributes }) => attributes['sallyport.code'])).toEqual(codes);
});

it('counts a published secret key apart from other dropped keys', async () => {
  const { sink, points } = setUp();
  for (const [, text] of naughtyStrings) sink.log({ type: 'keys_dropped', reason: text, count: 1 });
  sink.log({ type: 'keys_dropped', reason: 'private', count: 1 });
  sink.log({ type: 'keys_dropped', reason: 'symmetric', count: 1 });

  const dropped = (severity: string, value: number) => ({
    attributes: { 'sallyport.event': 'keys_dropped', 'sallyport.severity': severity },
    value,
  });
  expect(await points(metricNames.events)).toEqual([
    dropped('WARNING', naughtyStrings.length),
    dropped('CRITICAL', 2),
  ]);
});

it('knows ages and the breaker from events', async () => {
  const { sink, clock, points } = setUp();
  expect(await points(metricNames.keySetAge)).toEqual([]);
  expect(await points(metricNames.keySetTtl)).toEqual([]);

  sink.log({ type: 'keys_loaded', count: 1, ttlSeconds: 900 });
  sink.log({ type: 'secret_loaded', name: 'a' });
  sink.log({ type: 'breaker_opened' });
  clock.time = 30_000;
  sink.log({ type: 'secret_loaded', name: 'b' });
  clock.time = 60_000;

  expect(await points(metricNames.keySetAge)).toMatchObject([{ value: 60 }]);
  expect(await points(metricNames.keySetTtl)).toMatchObject([{ value: 900 }]);
  expect(await points(metricNames.secretAge)).toMatchObject([{ value: 60 }]);
  sink.log({ type: 'secret_loaded', name: 'a' });
  expect(await points(metricNames.secretAge)).toMatchObject([{ value: 30 }]);
  expect(await points(metricNames.breakerOpen)).toMatchObject([{ value: 1 }]);
  sink.log({ type: 'breaker_closed' });
  expect(await points(metricNames.breakerOpen)).toMatchObject([{ value: 0 }]);
});

it('reads what the program knows, and nothing where that fails', async () => {
  let reads = 0;
  const { sink, points } = setUp({
    limiterKeys: () => {
      reads += 1;
      return 7;
    },
    quotaCallers: () => 3,
    cacheHitRatio: () => 0.5,
    breakerOpen: () => {
      throw new Error('closed');
    },
    keySetAgeSeconds: () => Number.NaN,
  });

  expect(await points(metricNames.limiterKeys)).toMatchObject([{ value: 7 }]);
  expect(await points(metricNames.quotaCallers)).toMatchObject([{ value: 3 }]);
  expect(await points(metricNames.cacheHitRatio)).toMatchObject([{ value: 0.5 }]);
  expect(await points(metricNames.breakerOpen)).toEqual([]);
  expect(await points(metricNames.keySetAge)).toEqual([]);
  const before = reads;
  sink.close();
  await points(metricNames.limiterKeys);
  expect(reads).toBe(before);
});

it('must be told the verifiers', () => {
  expect(() => createOpenTelemetrySink({ verifiers: [] as unknown as ['jwt'] })).toThrow(
    expect.objectContaining({ option: 'openTelemetry.verifiers' }),
  );
});
