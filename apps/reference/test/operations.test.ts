/** Dashboards, alerts and log metrics name only what the sinks of telemetry write. */
import { readdirSync, readFileSync } from 'node:fs';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import type { AuditEvent } from '@sallyport/core';
import { createCloudLoggingSink, logMetricNames } from '@sallyport/telemetry';
import { createOpenTelemetrySink } from '@sallyport/telemetry/opentelemetry';
import { expect, it } from 'vitest';

const folder = new URL('../operations/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }));
const definitions = files
  .filter(({ file }) => file.startsWith('log-metrics/'))
  .map(({ text }) => JSON.parse(text) as LogMetric);

interface LogMetric {
  readonly name: string;
  readonly filter: string;
  readonly labelExtractors?: Readonly<Record<string, string>>;
  readonly valueExtractor?: string;
}

const accepted: AuditEvent = {
  event: 'authenticated',
  at: Date.UTC(2026, 0, 1),
  verifier: 'jwt',
};
const refused: AuditEvent = { ...accepted, event: 'refused', code: 'token_inactive' };

it('defines every metric that comes from lines, and no other', () => {
  expect(definitions.map(({ name }) => name).sort()).toEqual(Object.values(logMetricNames).sort());
});

it('asks lines for fields that they have', () => {
  const lines: string[] = [];
  const clock = { time: Date.UTC(2026, 0, 1) };
  const sink = createCloudLoggingSink({
    linesPerSecond: 1,
    write: (line) => lines.push(line),
    now: () => clock.time,
  });
  sink.emit(accepted);
  sink.emit(refused);
  sink.emit(refused);
  clock.time += 1_000;
  sink.log({ type: 'keys_dropped', reason: 'private', count: 1 });
  const known = new Set(lines.flatMap((line) => Object.keys(JSON.parse(line))));
  const asked = definitions.flatMap((definition) =>
    [...JSON.stringify(definition).matchAll(/jsonPayload\.(\w+)/g)].map(([, name]) => name),
  );

  expect(asked.length).toBeGreaterThan(4);
  expect(asked.filter((name = '') => !known.has(name))).toEqual([]);
});

it('alerts and draws by log metrics that are defined', () => {
  const used = files.flatMap(({ text }) =>
    [...text.matchAll(/logging\.googleapis\.com\/user\/(\w+)/g)].map(([, name]) => name),
  );

  expect(used.length).toBeGreaterThan(4);
  expect(
    used.filter((name) => !definitions.some((definition) => definition.name === name)),
  ).toEqual([]);
});

class TestReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

it('has the names in Prometheus that the dashboards ask for', async () => {
  const reader = new TestReader();
  const sink = createOpenTelemetrySink({
    verifiers: ['jwt'],
    readings: { limiterKeys: () => 1, cacheHitRatio: () => 1 },
    meterProvider: new MeterProvider({ readers: [reader] }),
    monotonicNow: () => 0,
  });
  sink.emit({ ...accepted, durationMs: 1 });
  for (const type of ['keys_loaded', 'secret_loaded', 'breaker_opened']) sink.log({ type });
  const { resourceMetrics } = await reader.collect();
  const text = new PrometheusSerializer().serialize(resourceMetrics);

  const asked = files.flatMap(({ text: file }) => file.match(/sallyport_\w+/g) ?? []);
  const fromLogs: readonly string[] = Object.values(logMetricNames);
  const labelsInText: readonly string[] = text.match(/sallyport_\w+/g) ?? [];
  const unknown = asked.filter((name) => !fromLogs.includes(name) && !labelsInText.includes(name));
  expect(asked.length).toBeGreaterThan(10);
  expect(unknown).toEqual([]);
});
