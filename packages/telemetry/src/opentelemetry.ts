/** The entry for those who have `@opentelemetry/api`. */
export type { OpenTelemetryOptions, Readings } from './metrics/opentelemetry-sink.ts';
export { createOpenTelemetrySink } from './metrics/opentelemetry-sink.ts';
