/** The log of the program: JSON lines in production, sentences in development. */
import { writeStartUpReport } from '@sallyport/config';
import { detectEnvironment } from '@sallyport/core';
import { createEventLog, type ProgramLog } from '@sallyport/lifecycle';
import { createCloudLoggingSink } from '@sallyport/telemetry';
import type { Variables } from '../development/local-sign-in.ts';
import { writeWelcome } from '../development/welcome.ts';
import type { RunningServer } from '../server.ts';

/** Takes text for the two standard streams. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Makes the log that fits the environment: production unless the variables say otherwise. */
export function createProgramLog(
  variables: Variables,
  streams: Streams,
): ProgramLog<RunningServer> {
  return isProduction(variables) ? createJsonLog(streams) : createTextLog(streams);
}

function createJsonLog({ out, error }: Streams): ProgramLog<RunningServer> {
  const { log: onEvent } = createCloudLoggingSink({ write: out });
  const { log: onFailure } = createCloudLoggingSink({ write: error });
  const begin = ({ config }: RunningServer) => out(writeStartUpReport(config));
  return createEventLog({ begin, onEvent, onFailure });
}

function createTextLog({ out, error }: Streams): ProgramLog<RunningServer> {
  return {
    async listening(server) {
      out(writeStartUpReport(server.config));
      out(await writeWelcome(server));
    },
    stopping() {},
    stopped() {},
    notStarted(problems) {
      const lines = problems.map(({ variable, problem }) =>
        variable === undefined ? `  ${problem}\n` : `  ${variable}: ${problem}\n`,
      );
      error(`The server did not start.\n${lines.join('')}`);
    },
  };
}

/** A misspelt `ENVIRONMENT` is production, too. */
function isProduction(variables: Variables): boolean {
  try {
    return detectEnvironment(variables).isProduction;
  } catch {
    return true;
  }
}
