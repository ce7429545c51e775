/** OpenTelemetry's SDK: loaded only where somebody wants its data. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { GateReadings } from '@sallyport/config';
import type { OperationalEvent, TelemetrySink } from '@sallyport/telemetry';
import { createOpenTelemetrySink } from '@sallyport/telemetry/opentelemetry';
import type { Variables } from '../development/local-sign-in.ts';
import { describeProgram } from './open-telemetry-resource.ts';
import type { OpenTelemetrySettings, Sampling } from './open-telemetry-settings.ts';

/** What sends metrics and spans. */
export interface OpenTelemetry {
  readonly sink: TelemetrySink;
  /** Whose readings the gauges show from now on. */
  show(readings: GateReadings): void;
  /** Sends what is left, and gives up after a second and a half. */
  stop(): Promise<void>;
}

// Drain and this together are less than the ten seconds that Cloud Run gives.
const longestFlushMilliseconds = 1_500;
const verifiers = [
  ...(['jwt', 'introspection', 'hybrid', 'static', 'none', 'api-key'] as const),
  ...(['jwt-or-api-key', 'introspection-or-api-key'] as const),
] as const;

/**
 * @param variables Cloud Run's own say what is running; endpoints and headers the SDK reads itself,
 *   from the environment of the process.
 * @param onEvent Is told when a collector does not take what it is sent.
 */
export async function startOpenTelemetry(
  settings: OpenTelemetrySettings,
  variables: Variables,
  onEvent: (event: OperationalEvent) => void,
): Promise<OpenTelemetry> {
  setGlobalErrorHandler((error) => {
    const detail = typeof error === 'string' ? error : error.message;
    onEvent({ type: 'export_failed', ...(detail !== undefined && { detail }) });
  });
  const resource = describeProgram(variables);
  const meterProvider = new MeterProvider({ resource, readers: await openReaders(settings) });
  const tracerProvider = new TracerProvider({
    resource,
    sampler: toSampler(settings.traces?.sampling ?? { isParentBased: false, ratio: 0 }),
    spanProcessors: await openProcessors(settings),
  });
  let shown: GateReadings | undefined;
  const sink = createOpenTelemetrySink({
    verifiers,
    meterProvider,
    tracerProvider,
    readings: {
      limiterKeys: () => shown?.limiterKeys(),
      quotaCallers: () => shown?.quotaCallers(),
      cacheHitRatio: () => shown?.cacheHitRatio(),
    },
  });
  return {
    sink,

    show(readings) {
      shown = readings;
    },

    async stop() {
      const flushed = Promise.allSettled([meterProvider.shutdown(), tracerProvider.shutdown()]);
      await Promise.race([flushed, sleep(longestFlushMilliseconds, undefined, { ref: false })]);
    },
  };
}

async function openReaders({ metrics }: OpenTelemetrySettings) {
  if (metrics === undefined) return [];
  const { OTLPMetricExporter } =
    metrics.protocol === 'http/json'
      ? await import('@opentelemetry/exporter-metrics-otlp-http')
      : await import('@opentelemetry/exporter-metrics-otlp-proto');
  const exportIntervalMillis = metrics.intervalMilliseconds;
  return [
    new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter(),
      exportIntervalMillis,
      exportTimeoutMillis: Math.min(exportIntervalMillis, 30_000),
    }),
  ];
}

async function openProcessors({ traces }: OpenTelemetrySettings) {
  if (traces === undefined) return [];
  const { OTLPTraceExporter } =
    traces.protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })];
}

function toSampler({ isParentBased, ratio }: Sampling): Sampler {
  const root = new TraceIdRatioBasedSampler(ratio);
  return isParentBased ? new ParentBasedSampler({ root }) : root;
}
