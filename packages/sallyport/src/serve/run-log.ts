/** What `run` says: JSON lines for Cloud Logging. */
import { writeStartUpReport } from '@sallyport/config';
import { ConfigError } from '@sallyport/core';
import { createEventLog, type ProgramLog } from '@sallyport/lifecycle';
import { createCloudLoggingSink, type TelemetrySink } from '@sallyport/telemetry';
import type { Surroundings } from '../surroundings.ts';
import { UsageError } from '../usage-error.ts';
import type { GateServer } from './start-server.ts';

/** The log of `run`, and the sink of the gate's decisions. */
export interface RunLog extends ProgramLog<GateServer> {
  readonly sink: TelemetrySink;
}

/**
 * Writes decisions and events to standard output, and why the start failed to standard error.
 *
 * @param documentation Where the documentation is served.
 * @throws {UsageError} When that is not an http or https address.
 */
export function createRunLog(
  { output, errors }: Pick<Surroundings, 'output' | 'errors'>,
  documentation?: string,
): RunLog {
  const sink = createSink({ documentation, write: (line) => void output.write(line) });
  const failures = createCloudLoggingSink({ write: (line) => void errors.write(line) });
  const log = createEventLog<GateServer>({
    begin: ({ config }) => output.write(writeStartUpReport(config)),
    onEvent: sink.log,
    onFailure: failures.log,
  });
  return { sink, ...log };
}

function createSink(options: Parameters<typeof createCloudLoggingSink>[0]): TelemetrySink {
  try {
    return createCloudLoggingSink(options);
  } catch (error) {
    throw new UsageError(`--documentation ${error instanceof ConfigError ? error.problem : ''}`);
  }
}
