import {
  type Attributes,
  type Context,
  context,
  type MeterProvider,
  metrics,
  ROOT_CONTEXT,
  SpanStatusCode,
  type TracerProvider,
  trace as tracing,
} from '@opentelemetry/api';
import {
  type AuditEvent,
  authErrorAnswers,
  type Checks,
  ConfigError,
  check,
  checkOptions,
} from '@sallyport/core';
import { eventTypeOf, severityOfEvent } from '../operational-event.ts';
import type { TelemetrySink } from '../telemetry-sink.ts';
import { createGauges, type Readings } from './gauges.ts';
import { labelNames, metricNames } from './metric-names.ts';

export type { Readings } from './gauges.ts';

/** Options for {@link createOpenTelemetrySink}. */
export interface OpenTelemetryOptions {
  /** Names of all verifiers in use. Any other name becomes `other`: no label is made at run time. */
  readonly verifiers: readonly [string, ...string[]];
  /** What only the program knows. Those left out come from events, where there are any. */
  readonly readings?: Readings;
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider;
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider;
  /** Clock for ages, in milliseconds. Default `performance.now`. */
  readonly monotonicNow?: () => number;
}

const scope = '@sallyport/telemetry';
// In seconds. A token is looked at in microseconds, or as long as an authorization server takes.
const bounds = [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

const readingChecks: Checks<Readings> = {
  keySetAgeSeconds: check.optional(check.callback),
  secretAgeSeconds: check.optional(check.callback),
  limiterKeys: check.optional(check.callback),
  quotaCallers: check.optional(check.callback),
  breakerOpen: check.optional(check.callback),
  cacheHitRatio: check.optional(check.callback),
};

const optionChecks: Checks<OpenTelemetryOptions> = {
  verifiers: check.texts,
  readings: check.optional(check.options(readingChecks)),
  meterProvider: check.optional(check.shape('a meter provider', { getMeter: 'function' })),
  tracerProvider: check.optional(check.shape('a tracer provider', { getTracer: 'function' })),
  monotonicNow: check.optional(check.callback),
};

/**
 * Counts decisions and makes a span of each. Every label and attribute has values from a closed
 * list: no address, subject, client, key id or detail is in any.
 *
 * Without an SDK, all of it does nothing.
 *
 * @throws {ConfigError} When no verifier is named.
 */
export function createOpenTelemetrySink(given: OpenTelemetryOptions): TelemetrySink {
  const options = checkOptions('openTelemetry', given, optionChecks);
  const { verifiers, readings = {}, monotonicNow = () => performance.now() } = options;
  if (!(Array.isArray(verifiers) && verifiers.length > 0)) {
    throw new ConfigError('openTelemetry.verifiers', 'must name the verifiers in use');
  }
  const names = new Set(verifiers);
  const meter = (options.meterProvider ?? metrics).getMeter(scope);
  const tracer = (options.tracerProvider ?? tracing).getTracer(scope);
  const decisions = meter.createCounter(metricNames.decisions, {
    description: 'Decisions of both checkpoints',
  });
  const duration = meter.createHistogram(metricNames.verificationDuration, {
    description: 'Time that the first checkpoint spent on the credentials',
    unit: 's',
    advice: { explicitBucketBoundaries: bounds },
  });
  const events = meter.createCounter(metricNames.events, {
    description: 'What verifiers, secret providers and limiters reported',
  });
  const gauges = createGauges(meter, readings, monotonicNow);

  function labelsOf({ event, code, verifier }: AuditEvent): Attributes {
    return {
      [labelNames.event]: event,
      [labelNames.code]: isCode(code) ? code : 'none',
      [labelNames.verifier]: names.has(verifier) ? verifier : 'other',
    };
  }

  return {
    emit(event) {
      const labels = labelsOf(event);
      decisions.add(1, labels);
      if (event.durationMs !== undefined) duration.record(event.durationMs / 1_000, labels);

      const startTime = event.at - (event.durationMs ?? 0);
      const span = tracer.startSpan(
        `sallyport ${labels[labelNames.event]}`,
        { startTime, attributes: labels },
        contextOf(event),
      );
      // A refusal is an answer; only what we could not check is a failure of ours.
      if (event.code === 'upstream_unavailable') span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(event.at);
    },

    log(event) {
      events.add(1, {
        [labelNames.event]: eventTypeOf(event),
        // Keys that were dropped are an incident if one was secret, and the type does not say so.
        [labelNames.severity]: severityOfEvent(event),
      });
      gauges.follow(event);
    },

    close: gauges.close,
  };
}

function isCode(code: string | undefined): code is string {
  return code !== undefined && Object.hasOwn(authErrorAnswers, code);
}

/** The active span of the request, or else the trace that the request came with. */
function contextOf({ trace }: AuditEvent): Context {
  const active = context.active();
  if (tracing.getSpan(active) !== undefined || trace?.spanId === undefined) return active;
  const { traceId, spanId, sampled } = trace;
  return tracing.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: sampled ? 1 : 0,
    isRemote: true,
  });
}
