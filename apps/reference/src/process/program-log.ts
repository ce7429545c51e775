/** The log of the program: JSON lines in production, sentences in development. */
import { writeStartUpReport } from '@sallyport/config';
import { detectEnvironment } from '@sallyport/core';
import type { ProgramLog } from '@sallyport/lifecycle';
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
  const sink = createCloudLoggingSink({ write: out });
  const failures = createCloudLoggingSink({ write: error });
  return {
    async listening({ config, resource, port }) {
      out(writeStartUpReport(config));
      sink.log({ type: 'listening', resource, host: config.host, port });
    },
    stopping: (signal) => sink.log({ type: 'stopping', signal }),
    stopped: () => sink.log({ type: 'stopped' }),
    notStarted(problems) {
      for (const { variable, problem } of problems) {
        failures.log({ type: 'start_failed', ...(variable && { variable }), problem });
      }
    },
  };
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
