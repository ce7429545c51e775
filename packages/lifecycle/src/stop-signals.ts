/** SIGTERM, SIGINT and a log without a reader, from the first moment of the program. */

/** Receives the signals that end the program. */
export interface StopSignals {
  /** @param signal `SIGPIPE`: standard output or standard error has no reader any more. */
  receive(signal: NodeJS.Signals): void;
}

/** The exit code of a program whose output has no reader, as shells report it: 128 and the number of SIGPIPE. */
export const closedOutputCode: number = 141;

/**
 * Ends the program at once until another listener receives the signals: with 0, or with 141 if the output has no
 * reader. Without it, the first process of a container would ignore SIGTERM while its modules are loaded.
 */
export function listenForStopSignals(): StopSignals {
  const signals: StopSignals = {
    receive: (signal) => process.exit(signal === 'SIGPIPE' ? closedOutputCode : 0),
  };
  const tell = (signal: NodeJS.Signals) => signals.receive(signal);
  process.on('SIGTERM', tell).on('SIGINT', tell);
  onClosedOutput(() => tell('SIGPIPE'));
  return signals;
}

/**
 * Calls a listener when standard output or standard error cannot be written, such as after `| head` has ended. Node
 * ignores SIGPIPE, and without a listener it ends the program with a stack trace.
 */
export function onClosedOutput(listener: () => void): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', listener);
}
