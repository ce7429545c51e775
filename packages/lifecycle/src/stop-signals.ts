/** SIGTERM and SIGINT, from the first moment of the program. */

/** Receives the signals that end the program. */
export interface StopSignals {
  receive(signal: NodeJS.Signals): void;
}

/**
 * Ends the program at once, with 0, until another listener receives the signals. Without it, the first
 * process of a container would ignore SIGTERM while its modules are loaded.
 */
export function listenForStopSignals(): StopSignals {
  const signals: StopSignals = { receive: () => process.exit(0) };
  const tell = (signal: NodeJS.Signals) => signals.receive(signal);
  process.on('SIGTERM', tell).on('SIGINT', tell);
  return signals;
}
