/** What the server sends of itself besides its log, if anybody wants it. */
import type { GateReadings } from '@sallyport/config';
import { combineSinks, type OperationalEvent, type TelemetrySink } from '@sallyport/telemetry';
import type { Variables } from '../development/local-sign-in.ts';
import { readOpenTelemetrySettings } from './open-telemetry-settings.ts';

/** Metrics and spans, beside the log. */
export interface Exporting {
  /** A sink for both. Nobody is kept out for want of a metric. */
  join(log: TelemetrySink): TelemetrySink;
  /** Whose readings the gauges show from now on. */
  show(readings: GateReadings): void;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** @throws {ConfigError} When a variable holds what this server cannot do. */
export async function startExporting(
  variables: Variables,
  onEvent: (event: OperationalEvent) => void,
): Promise<Exporting> {
  const settings = readOpenTelemetrySettings(variables);
  if (settings === undefined) return { join: (log) => log, show() {}, async stop() {} };
  const { startOpenTelemetry } = await import('./open-telemetry.ts');
  const { sink, show, stop } = await startOpenTelemetry(settings, variables, onEvent);
  return {
    join: (log) => combineSinks({ required: [log], optional: [sink] }),
    show,
    stop,
  };
}
