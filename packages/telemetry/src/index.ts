export type { CloudLoggingOptions } from './cloud-logging.ts';
export { createCloudLoggingSink } from './cloud-logging.ts';
export type { CombinedSinks } from './combine-sinks.ts';
export { combineSinks } from './combine-sinks.ts';
export { labelNames, logMetricNames, metricNames } from './metric-names.ts';
export type { OperationalEvent } from './operational-event.ts';
export type { TelemetrySink } from './telemetry-sink.ts';
