export type { CombinedSinks } from './combine-sinks.ts';
export { combineSinks } from './combine-sinks.ts';
export type { CloudLoggingOptions } from './lines/cloud-logging.ts';
export { createCloudLoggingSink } from './lines/cloud-logging.ts';
export { labelNames, logMetricNames, metricNames } from './metrics/metric-names.ts';
export type { OperationalEvent } from './operational-event.ts';
export type { TelemetrySink } from './telemetry-sink.ts';
