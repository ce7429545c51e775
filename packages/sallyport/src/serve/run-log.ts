/** What `run` says: JSON lines for Cloud Logging. */
import { writeStartUpReport } from '@sallyport/config';
import { createEventLog, type ProgramLog } from '@sallyport/lifecycle';
import { createCloudLoggingSink, type TelemetrySink } from '@sallyport/telemetry';
import type { Surroundings } from '../surroundings.ts';
import type { GateServer } from './start-server.ts';

/** The log of `run`, and the sink of the gate's decisions. */
export interface RunLog extends ProgramLog<GateServer> {
  readonly sink: TelemetrySink;
}

/** Writes decisions and events to standard output, and why the start failed to standard error. */
export function createRunLog({ output, errors }: Pick<Surroundings, 'output' | 'errors'>): RunLog {
  const sink = createCloudLoggingSink({ write: (line) => void output.write(line) });
  const failures = createCloudLoggingSink({ write: (line) => void errors.write(line) });
  const log = createEventLog<GateServer>({
    begin: ({ config }) => output.write(writeStartUpReport(config)),
    onEvent: sink.log,
    onFailure: failures.log,
  });
  return { sink, ...log };
}
