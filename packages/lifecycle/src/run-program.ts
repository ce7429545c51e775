/** A server as a program: from its start to its exit code. */
import { constants } from 'node:os';
import { explainFailedStart, type StartProblem } from './start-problems.ts';
import { closedOutputCode, type StopSignals } from './stop-signals.ts';

/** A server that listens. */
export interface RunningServer {
  /** Finishes the requests under way, then closes everything. */
  stop(): Promise<void>;
  /** Cuts the requests under way, while {@link stop} waits for them. */
  cut(): void;
}

/** Receives the events of a program's life. */
export interface ProgramLog<Server extends RunningServer> {
  listening(server: Server): Promise<void> | void;
  /** @param signal Such as `SIGTERM`. */
  stopping(signal: string): void;
  stopped(): void;
  /** @param problems One line each, without secrets. */
  notStarted(problems: readonly StartProblem[]): void;
}

/** The parts of a program. */
export interface Program<Server extends RunningServer> {
  /** Starts the server. It rejects when the signal aborts. */
  readonly start: (signal: AbortSignal) => Promise<Server>;
  readonly log: ProgramLog<Server>;
  readonly signals: StopSignals;
}

// Ctrl+C often arrives twice, from the terminal and from a package manager in between.
const sameSignalMs = 500;

/**
 * Runs a server until SIGTERM or SIGINT, then finishes the requests under way and exits with 0. A signal during the
 * start ends the program with 0. Another signal, half a second later, cuts the requests under way. If the log has no
 * reader any more, the program ends in the same way, with 141.
 *
 * @returns Only after a start that failed: its exit code, which is also in `process.exitCode`.
 */
export async function runProgram<Server extends RunningServer>({
  start,
  log,
  signals,
}: Program<Server>): Promise<number> {
  const { promise: signalled, resolve: onSignal } = Promise.withResolvers<NodeJS.Signals>();
  const stopping = new AbortController();
  let cut = () => {};
  let firstAt: number | undefined;
  let exitCode = 0;
  signals.receive = (signal) => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      if (signal === 'SIGPIPE') exitCode = closedOutputCode;
      stopping.abort();
      return onSignal(signal);
    }
    // Every further line that cannot be written would be another SIGPIPE.
    if (signal === 'SIGPIPE' || performance.now() - firstAt < sameSignalMs) return;
    exitCode = 128 + constants.signals[signal];
    cut();
  };

  try {
    const server = await start(stopping.signal);
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
      return exitCode;
    }
  }
  log.stopped();
  return process.exit(exitCode);
}
