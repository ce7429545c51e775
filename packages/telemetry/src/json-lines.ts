/** pino, as Cloud Logging wants its lines: one JSON object each, written before the call returns. */
import { type DestinationStream, destination, pino } from 'pino';
import type { Scalar } from './log-fields.ts';
import type { Severity } from './operational-event.ts';

/** Writes one line. Throws where that is known to have failed. */
export type WriteRecord = (
  severity: Severity,
  fields: Readonly<Record<string, Scalar>>,
  message: string,
) => void;

const levels = { info: 30, warning: 40, error: 50, critical: 60 } as const;

/** @param write Takes a line and its line feed. Default: standard output. */
export function createJsonLines(write?: (line: string) => void): WriteRecord {
  const broken: { by?: Error } = {};
  const logger = pino<keyof typeof levels>(
    {
      base: null,
      customLevels: levels,
      useOnlyCustomLevels: true,
      level: 'info',
      messageKey: 'message',
      // `time` is that of the event, and one of the fields.
      timestamp: false,
      formatters: { level: (label) => ({ severity: label.toUpperCase() }) },
    },
    write === undefined ? standardOutput(broken) : { write },
  );
  const bySeverity = {
    INFO: logger.info.bind(logger),
    WARNING: logger.warning.bind(logger),
    ERROR: logger.error.bind(logger),
    CRITICAL: logger.critical.bind(logger),
  };
  return (severity, fields, message) => {
    bySeverity[severity](fields, message);
    if (broken.by !== undefined) throw broken.by;
  };
}

/** pino drops what it writes to a pipe that nobody reads; a record that is lost must be known. */
function standardOutput(broken: { by?: Error }): DestinationStream {
  const stream = destination({ dest: 1, sync: true });
  stream.on('error', (error: Error) => {
    broken.by = error;
  });
  return stream;
}
