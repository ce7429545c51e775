/** Whether metrics and spans are sent, and how: the standard variables of OpenTelemetry. */
import { ConfigError } from '@sallyport/core';
import type { Variables } from '../development/local-sign-in.ts';

/** How one kind of telemetry is sent. Where it is sent to, the exporter reads by itself. */
type Protocol = 'http/json' | 'http/protobuf';

/** What is sent. */
export interface OpenTelemetrySettings {
  readonly metrics:
    | { readonly protocol: Protocol; readonly intervalMilliseconds: number }
    | undefined;
  readonly traces: { readonly protocol: Protocol; readonly sampling: Sampling } | undefined;
}

/** Which requests have spans. */
export interface Sampling {
  /** Whether a client's own decision, in `traceparent`, comes first. */
  readonly isParentBased: boolean;
  /** Part of the others, 0 to 1. */
  readonly ratio: number;
}

const samplers: Readonly<Record<string, Sampling>> = {
  always_on: { isParentBased: false, ratio: 1 },
  always_off: { isParentBased: false, ratio: 0 },
  traceidratio: { isParentBased: false, ratio: 1 },
  parentbased_always_on: { isParentBased: true, ratio: 1 },
  parentbased_always_off: { isParentBased: true, ratio: 0 },
  parentbased_traceidratio: { isParentBased: true, ratio: 1 },
};

/**
 * @returns `undefined` when nobody asked for any.
 * @throws {ConfigError} When a variable holds what this server cannot do.
 */
export function readOpenTelemetrySettings(variables: Variables): OpenTelemetrySettings | undefined {
  const read = (name: string) => variables[name]?.trim() || undefined;
  if (read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined;

  function protocolOf(signal: 'METRICS' | 'TRACES'): Protocol | undefined {
    const exporter = oneOf(`OTEL_${signal}_EXPORTER`, ['otlp', 'none']);
    const name = `OTEL_EXPORTER_OTLP_${signal}`;
    const endpoints = [`${name}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT'].filter(isAddress);
    if (exporter === 'none' || (exporter === undefined && endpoints.length === 0)) return undefined;
    const own = read(`${name}_PROTOCOL`) === undefined ? 'OTEL_EXPORTER_OTLP' : name;
    return oneOf(`${own}_PROTOCOL`, ['http/protobuf', 'http/json']) ?? 'http/protobuf';
  }

  /** The SDK would fall back to this machine, and say nothing. */
  function isAddress(name: string): boolean {
    const value = read(name);
    if (value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? '')) {
      return value !== undefined;
    }
    throw new ConfigError(name, 'must be the http or https URL of a collector');
  }

  function oneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const value = read(name);
    const known = values.find((one) => one === value);
    if (value === undefined || known !== undefined) return known;
    throw new ConfigError(name, `must be ${values.join(' or ')}`);
  }

  function numberOf(name: string, fallback: number, [least, most]: readonly [number, number]) {
    const value = Number(read(name) ?? fallback);
    if (value >= least && value <= most) return value;
    throw new ConfigError(name, `must be a number from ${least} to ${most}`);
  }

  function readSampling(): Sampling {
    const name = oneOf('OTEL_TRACES_SAMPLER', Object.keys(samplers)) ?? 'parentbased_always_on';
    const sampling = samplers[name] ?? { isParentBased: true, ratio: 1 };
    if (!name.endsWith('traceidratio')) return sampling;
    return { ...sampling, ratio: numberOf('OTEL_TRACES_SAMPLER_ARG', 1, [0, 1]) };
  }

  const metrics = protocolOf('METRICS');
  const traces = protocolOf('TRACES');
  if (metrics === undefined && traces === undefined) return undefined;
  return {
    metrics: metrics && {
      protocol: metrics,
      intervalMilliseconds: numberOf('OTEL_METRIC_EXPORT_INTERVAL', 60_000, [1_000, 3_600_000]),
    },
    traces: traces && { protocol: traces, sampling: readSampling() },
  };
}
