/** The entry for those who have `@opentelemetry/api`. */
export type { OpenTelemetryOptions, Readings } from './opentelemetry-sink.ts';
export { createOpenTelemetrySink } from './opentelemetry-sink.ts';
