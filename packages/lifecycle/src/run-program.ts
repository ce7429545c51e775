/** The program: from its start to its exit code. */
import { constants } from 'node:os';
import { type ServerSources, startServer } from '../server.ts';
import { createProgramLog } from './program-log.ts';
import { explainFailedStart } from './start-problems.ts';
import { listenForStopSignals, type StopSignals } from './stop-signals.ts';

// Ctrl+C often arrives twice, from the terminal and from a package manager in between.
const sameSignalMs = 500;

/**
 * Runs the server until SIGTERM or SIGINT: then it finishes the requests under way and exits with 0.
 * A signal during the start ends it with 0. Another signal, half a second later, cuts the requests
 * under way.
 */
export async function run(
  sources: ServerSources,
  signals: StopSignals = listenForStopSignals(),
): Promise<void> {
  const log = createProgramLog(
    { ...sources.fileVariables, ...sources.variables },
    {
      out: (text) => process.stdout.write(text),
      error: (text) => process.stderr.write(text),
    },
  );
  const { promise: signalled, resolve: onSignal } = Promise.withResolvers<NodeJS.Signals>();
  const stopping = new AbortController();
  let cut = () => {};
  let firstAt: number | undefined;
  let exitCode = 0;
  signals.receive = (signal) => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      stopping.abort();
      return onSignal(signal);
    }
    if (performance.now() - firstAt < sameSignalMs) return;
    exitCode = 128 + constants.signals[signal];
    cut();
  };

  try {
    const server = await startServer({ ...sources, signal: stopping.signal });
    cut = server.cut;
    await log.listening(server);
    log.stopping(await signalled);
    await server.stop();
  } catch (error) {
    if (!stopping.signal.aborted) {
      const { problems, exitCode } = explainFailedStart(error);
      log.notStarted(problems);
      process.exitCode = exitCode;
      // Nothing is open any more.
      signals.receive = () => process.exit(exitCode);
      return;
    }
  }
  log.stopped();
  process.exit(exitCode);
}
