/** The program: from its start to its exit code. */
import { runProgram, type StopSignals } from '@sallyport/lifecycle';
import { listenForStopSignals } from '@sallyport/lifecycle/stop-signals';
import { type ServerSources, startServer } from '../server.ts';
import { createProgramLog } from './program-log.ts';

/** Runs the server until SIGTERM or SIGINT, as `runProgram` says. */
export function run(
  sources: ServerSources,
  signals: StopSignals = listenForStopSignals(),
): Promise<number> {
  const log = createProgramLog(
    { ...sources.fileVariables, ...sources.variables },
    {
      out: (text) => process.stdout.write(text),
      error: (text) => process.stderr.write(text),
    },
  );
  return runProgram({
    start: (signal) => startServer({ ...sources, signal }),
    log,
    signals,
  });
}
