import { expect, it } from 'vitest';
import { readOpenTelemetrySettings } from '../src/open-telemetry/open-telemetry-settings.ts';

const endpoint = 'http://127.0.0.1:4318';
const all = {
  metrics: { protocol: 'http/protobuf', intervalMilliseconds: 60_000 },
  traces: { protocol: 'http/protobuf', sampling: { isParentBased: true, ratio: 1 } },
};

it.each([
  ['nothing', {}],
  ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
  ['other variables', { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_SERVICE_NAME: 'notes' }],
  [
    'none for both',
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_TRACES_EXPORTER: 'none',
    },
  ],
  ['an SDK that is off', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'TRUE' }],
])('sends nothing with %s', (_name, variables) => {
  expect(readOpenTelemetrySettings(variables)).toBeUndefined();
});

it.each([
  ['an endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, all],
  [
    'both exporters, to the standard port of this machine',
    { OTEL_METRICS_EXPORTER: 'otlp', OTEL_TRACES_EXPORTER: 'otlp' },
    all,
  ],
  ['metrics alone', { OTEL_METRICS_EXPORTER: 'otlp' }, { ...all, traces: undefined }],
  [
    'an endpoint for traces alone',
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint },
    { ...all, metrics: undefined },
  ],
  [
    'a protocol for metrics, and an interval',
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
      OTEL_METRIC_EXPORT_INTERVAL: '5000',
    },
    { ...all, metrics: { protocol: 'http/json', intervalMilliseconds: 5_000 } },
  ],
  [
    'a sampler with a ratio',
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    },
    {
      ...all,
      traces: { protocol: 'http/protobuf', sampling: { isParentBased: false, ratio: 0.25 } },
    },
  ],
  [
    'a sampler that takes no ratio',
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      OTEL_TRACES_SAMPLER_ARG: '1',
    },
    { ...all, traces: { protocol: 'http/protobuf', sampling: { isParentBased: true, ratio: 0 } } },
  ],
])('understands %s', (_name, variables, settings) => {
  expect(readOpenTelemetrySettings(variables)).toEqual(settings);
});

it.each([
  ['OTEL_METRICS_EXPORTER', 'prometheus'],
  ['OTEL_TRACES_EXPORTER', 'zipkin'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
  ['OTEL_METRIC_EXPORT_INTERVAL', '0'],
  ['OTEL_METRIC_EXPORT_INTERVAL', 'often'],
  ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'collector:4318'],
])('does not start with %s=%s', (name, value) => {
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, [name]: value };

  expect(() => readOpenTelemetrySettings(variables)).toThrow(
    expect.objectContaining({ name: 'ConfigError', option: name }),
  );
});

it.each(['-0.1', '1.1', 'half'])('does not start with a ratio of %s', (ratio) => {
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: ratio,
  };

  expect(() => readOpenTelemetrySettings(variables)).toThrow(
    expect.objectContaining({ option: 'OTEL_TRACES_SAMPLER_ARG' }),
  );
});
