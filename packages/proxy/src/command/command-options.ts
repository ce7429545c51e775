/** The options of a command upstream, and what holds for each. */
import { totalmem } from 'node:os';
import { type Checks, ConfigError, check, checkOptions, type EventListener } from '@sallyport/core';
import type { Permits } from '../lists/filter-lists.ts';
import type { Variables } from './process/child-environment.ts';

/** Options for {@link createCommandUpstream}. */
export interface CommandUpstreamOptions {
  /** The program that is an MCP server over stdio, such as `python`. It is started without a shell. */
  readonly command: string;
  /** Its arguments. Default: none. */
  readonly args?: readonly string[];
  /** Where it is started. Default: the directory of this process. */
  readonly directory?: string;
  /**
   * The variables of this process: pass `process.env`. The child gets `PATH`, `HOME`, `LANG`, `TZ` and the
   * like, and those in `variables`.
   */
  readonly environment: Variables;
  /** Names of further variables that the child gets. Each must be set. Default: none. */
  readonly variables?: readonly string[];
  /** Child processes at a time. 1 to 10,000. Default: 8 per 512 MiB of memory, and at least 2. */
  readonly maximumProcesses?: number;
  /** Child processes of one user at a time. Default: half of `maximumProcesses`, and at most 8. */
  readonly maximumProcessesPerCaller?: number;
  /** Resident memory of one child and the processes that it started, in MiB. 16 to 1,048,576. Default 512. */
  readonly maximumMemoryMegabytes?: number;
  /** The longest message that a child may write, in bytes. 1,024 to 67,108,864. Default 4,194,304. */
  readonly maximumMessageBytes?: number;
  /** How long a child may take to start, in seconds. 1 to 600. Default 30. */
  readonly startTimeoutSeconds?: number;
  /** How long a request may take, in seconds. Progress begins the time anew. 1 to 86,400. Default 300. */
  readonly requestTimeoutSeconds?: number;
  /** After how many seconds without a request a child ends. 1 to 86,400. Default 900. */
  readonly idleSeconds?: number;
  /** How long `close` waits for open requests, in seconds. 0 to 600. Default 5. */
  readonly drainSeconds?: number;
  /**
   * Gives all callers one process. They can then see and change each other's state through it. A warning
   * says so at the start. Default false.
   */
  readonly shared?: boolean;
  /**
   * Removes from the lists of tools, prompts and resources what a caller may not use: pass `gate.permits`. Default:
   * lists pass as they are.
   */
  readonly permits?: Permits;
  /** Receives what operators should know. Default: nothing is reported. */
  readonly onEvent?: EventListener;
  /** Clock for durations, in milliseconds. Default `performance.now`. */
  readonly monotonicNow?: () => number;
}

const checks: Checks<CommandUpstreamOptions> = {
  command: check.text,
  args: check.optional(check.texts),
  directory: check.optional(check.text),
  environment: check.recordOf(check.optional(check.text)),
  variables: check.optional(check.texts),
  maximumProcesses: check.optional(check.number),
  maximumProcessesPerCaller: check.optional(check.number),
  maximumMemoryMegabytes: check.optional(check.number),
  maximumMessageBytes: check.optional(check.number),
  startTimeoutSeconds: check.optional(check.number),
  requestTimeoutSeconds: check.optional(check.number),
  idleSeconds: check.optional(check.number),
  drainSeconds: check.optional(check.number),
  shared: check.optional(check.flag),
  permits: check.optional(check.callback),
  onEvent: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

/** Options with every default filled in. */
export type CommandSettings = Required<Omit<CommandUpstreamOptions, WithoutDefault>> &
  Pick<CommandUpstreamOptions, WithoutDefault>;
type WithoutDefault = 'directory' | 'permits' | 'onEvent';

const mebibyte = 1_048_576;

/** @throws {ConfigError} When an option is missing, of the wrong type or out of range. */
export function readCommandOptions(given: CommandUpstreamOptions): CommandSettings {
  const options = checkOptions('command', given, checks);
  if (process.platform === 'win32') {
    throw new ConfigError(
      'command.command',
      'runs on Linux and macOS: Windows has no process groups. Use an HTTP upstream',
    );
  }
  if (options.command.trim() === '') throw new ConfigError('command.command', 'must not be empty');
  const { args = [] } = options;
  for (const [name, text] of [
    ['command', options.command],
    ...args.map((arg, index) => [`args[${index}]`, arg]),
  ]) {
    if (text?.includes('\0'))
      throw new ConfigError(`command.${name}`, 'must not contain the character NUL');
  }
  const maximumProcesses = options.maximumProcesses ?? defaultProcesses(memoryBytes());
  const settings = {
    ...options,
    args,
    variables: options.variables ?? [],
    maximumProcesses,
    maximumProcessesPerCaller:
      options.maximumProcessesPerCaller ??
      Math.max(1, Math.min(8, Math.floor(maximumProcesses / 2))),
    maximumMemoryMegabytes: options.maximumMemoryMegabytes ?? 512,
    maximumMessageBytes: options.maximumMessageBytes ?? 4 * mebibyte,
    startTimeoutSeconds: options.startTimeoutSeconds ?? 30,
    requestTimeoutSeconds: options.requestTimeoutSeconds ?? 300,
    idleSeconds: options.idleSeconds ?? 900,
    drainSeconds: options.drainSeconds ?? 5,
    shared: options.shared ?? false,
    monotonicNow: options.monotonicNow ?? (() => performance.now()),
  };
  assertRange('maximumProcesses', settings.maximumProcesses, 1, 10_000);
  assertRange('maximumProcessesPerCaller', settings.maximumProcessesPerCaller, 1, 10_000);
  assertRange('maximumMemoryMegabytes', settings.maximumMemoryMegabytes, 16, 1_048_576);
  assertRange('maximumMessageBytes', settings.maximumMessageBytes, 1_024, 64 * mebibyte);
  assertRange('startTimeoutSeconds', settings.startTimeoutSeconds, 1, 600);
  assertRange('requestTimeoutSeconds', settings.requestTimeoutSeconds, 1, 86_400);
  assertRange('idleSeconds', settings.idleSeconds, 1, 86_400);
  assertRange('drainSeconds', settings.drainSeconds, 0, 600);
  if (settings.maximumProcessesPerCaller > settings.maximumProcesses) {
    throw new ConfigError(
      'command.maximumProcessesPerCaller',
      'must not be more than maximumProcesses',
    );
  }
  return settings;
}

function assertRange(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new ConfigError(`command.${option}`, `must be an integer from ${least} to ${most}`);
}

/** The memory of this container, or of this machine. */
function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** Eight per 512 MiB: a small server in Node.js or Python takes 40 to 60 MiB. */
export function defaultProcesses(bytes: number): number {
  return Math.max(2, Math.min(10_000, Math.floor((bytes * 8) / (512 * mebibyte))));
}
