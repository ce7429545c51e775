import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServeTask } from './serve-contestant.ts';

const program = fileURLToPath(new URL('serve-contestant.ts', import.meta.url));

/** A server in a separate process. */
export interface ServerProcess {
  readonly port: number;
  /** CPU time so far, in microseconds: of the program, and of the system for it. */
  cpuTime(): Promise<number>;
  stop(): void;
}

/**
 * Starts a server. It writes its log, and nothing reads it.
 *
 * @param core The CPU core that it runs on. Undefined without `taskset`.
 */
export async function startServerProcess(
  task: ServeTask,
  core: number | undefined,
): Promise<ServerProcess> {
  const command = [process.execPath, '--expose-gc', program, JSON.stringify(task)];
  const [file = '', ...rest] =
    core === undefined ? command : ['taskset', '-c', `${core}`, ...command];
  const child = spawn(file, rest, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${task.contestant} ended`);
  });
  // It is told where somebody waits for it.
  ended.catch(() => {});
  const hear = async <T>(): Promise<T> => (await Promise.race([once(child, 'message'), ended]))[0];
  return {
    port: await hear<number>(),
    async cpuTime() {
      const heard = hear<NodeJS.CpuUsage>();
      child.send('cpu');
      const { user, system } = await heard;
      return user + system;
    },
    stop: () => child.disconnect(),
  };
}
