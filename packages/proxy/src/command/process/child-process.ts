/** One child process: its lines, its bounds, and its end. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readOutput } from './child-output.ts';
import type { LineEnds } from './line-reader.ts';
import { createLineWriter } from './line-writer.ts';
import type { OrphanWatch } from './orphan-watch.ts';
import { createOutputBudget } from './output-budget.ts';
import { endGroup } from './process-group.ts';
import { createErrorReader } from './standard-error.ts';

/** What is started, the same for every caller. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

/** Why a child process ended. The first four are its own doing. */
export type EndReason =
  | 'not_started'
  | 'exited'
  | 'memory'
  | 'not_reading'
  | 'start_timeout'
  | 'session_over'
  | 'idle'
  | 'draining';

/** How a child process ended. */
export interface ChildEnd {
  readonly reason: EndReason;
  /** Exit code, name of a signal, or error code of the operating system. */
  readonly status: string;
  readonly lifetimeMs: number;
}

/** What a child process tells. */
export interface ChildListener {
  /** @returns Whether somebody waited for the line. Other lines count against the budget of output. */
  onLine(line: string): boolean;
  onLongLine(ends: LineEnds): void;
  onStandardError(line: string, dropped: number): void;
  /** Called once, when the process is gone and its output is read. */
  onEnd(end: ChildEnd): void;
}

/** A running child process. */
export interface Child {
  /** Process id, and id of the process group. `undefined`: the command could not be started. */
  readonly processId: number | undefined;
  /** Writes one line. @returns `false` when the child does not read and too much waits already. */
  send(line: string): boolean;
  /** Ends the process and its group. Resolves when they are gone, after 3 seconds at the latest. */
  end(reason: EndReason): Promise<void>;
}

/** What all child processes share. */
export interface ChildOptions {
  readonly maximumLineBytes: number;
  readonly watch: OrphanWatch;
  readonly redact: (line: string) => string;
  readonly monotonicNow: () => number;
}

const notReadingMs = 30_000;
const closeMs = 500;
const graceMs = 1_000;
const lastOutputMs = 200;
/** Starts the command in a process group of its own, without a shell. */
export function startChild(launch: Launch, options: ChildOptions, listener: ChildListener): Child {
  const { watch, monotonicNow } = options;
  const startedAt = monotonicNow();
  const budget = createOutputBudget(monotonicNow);
  let reason: EndReason | undefined;
  let isOver = false;
  let ending: Promise<void> | undefined;
  let notReading: NodeJS.Timeout | undefined;

  const { promise: isFinished, resolve: resolveFinished } = Promise.withResolvers<void>();

  function finish(status: string): void {
    if (isOver) return;
    isOver = true;
    resolveFinished();
    clearTimeout(notReading);
    listener.onEnd({ reason: reason ?? 'exited', status, lifetimeMs: monotonicNow() - startedAt });
  }

  const started = spawnCommand(launch);
  if (typeof started === 'string') {
    reason = 'not_started';
    // The caller of this function does not have the child yet.
    setImmediate(finish, started);
    return { processId: undefined, send: () => false, end: async () => {} };
  }
  const child = started;
  const { pid } = child;
  if (pid !== undefined) {
    watch.add(pid);
    child.once('exit', () => void clearGroup(pid));
  }
  const hasExited = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  child.once('error', (error) => {
    reason ??= 'not_started';
    finish(String(Reflect.get(error, 'code')));
  });
  child.once('exit', (code, signal) => {
    // What the process wrote last is still in the pipe. Processes that it started may keep the pipe open.
    const settle = (): void => {
      child.stdout.destroy();
      child.stderr.destroy();
      finish(signal ?? String(code));
    };
    const timer = setTimeout(settle, lastOutputMs);
    child.once('close', () => {
      clearTimeout(timer);
      settle();
    });
  });

  async function clearGroup(group: number): Promise<void> {
    await endGroup(group, graceMs);
    watch.remove(group);
  }

  readOutput(child, options, listener, budget.spend);
  child.stderr.on(
    'data',
    createErrorReader({
      redact: options.redact,
      onLine: listener.onStandardError,
      monotonicNow,
    }),
  );
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});
  child.stdin.on('drain', () => {
    clearTimeout(notReading);
    notReading = undefined;
  });
  const input = createLineWriter(child.stdin, () => {
    notReading ??= setTimeout(() => void handle.end('not_reading'), notReadingMs).unref();
  });

  async function end(why: EndReason): Promise<void> {
    reason ??= why;
    if (pid === undefined) return;
    // MCP, "stdio": close the input, then SIGTERM, then SIGKILL.
    input.end();
    const timer = new AbortController();
    await Promise.race([hasExited, wait(closeMs, timer.signal)]);
    timer.abort();
    await clearGroup(pid);
    await isFinished;
  }

  const handle: Child = {
    processId: pid,

    send: (line) => !isOver && reason === undefined && input.write(line),

    end(why) {
      ending ??= end(why);
      return ending;
    },
  };
  return handle;
}

/** @returns The error code of the operating system when it refuses at once. */
function spawnCommand(launch: Launch): ChildProcessWithoutNullStreams | string {
  try {
    return spawn(launch.command, launch.args, {
      cwd: launch.directory,
      env: launch.variables,
      detached: true,
      shell: false,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    return String(Reflect.get(Object(error), 'code'));
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
