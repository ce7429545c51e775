/** What a command can see of the machine. Passed in, so that no other file reads the process. */

import type { StopSignals } from '@sallyport/lifecycle';

/** A standard stream that text is written to. */
export interface TextOutput {
  write(text: string): unknown;
  /** Whether a person sees it. Default false. */
  readonly isTTY?: boolean;
  /** Width of the terminal in characters. Default 80. */
  readonly columns?: number;
}

/** Standard input. */
interface TextInput extends AsyncIterable<string | Uint8Array> {
  /** Whether a person types it. Default false. */
  readonly isTTY?: boolean;
}

/** The machine around a command. */
export interface Surroundings {
  /** What follows the name of the program. */
  readonly words: readonly string[];
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly input: TextInput;
  readonly output: TextOutput;
  readonly errors: TextOutput;
  /** The current folder. */
  readonly folder: string;
  /** The person's home folder. */
  readonly home: string;
  /** Time of day, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Clock for durations, in milliseconds. */
  readonly monotonicNow: () => number;
  /** Ends questions to servers. */
  readonly signal: AbortSignal;
  /** Receives what ends `dev` and `run`. Default: they listen themselves. */
  readonly stopSignals?: StopSignals;
}
