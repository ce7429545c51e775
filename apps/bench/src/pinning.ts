import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { idlestCore, parseAllowedCores } from './cores.ts';

/** A core that has little to do, or undefined where there is no `taskset`. */
export async function chooseCore(): Promise<number | undefined> {
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).status !== 0) {
    return undefined;
  }
  const allowed = parseAllowedCores(readFileSync('/proc/self/status', 'utf8'));
  const before = cpus();
  await setTimeout(400);
  return idlestCore(allowed, before, cpus());
}

/** Runs a program on that core alone, and waits for its exit code. */
export async function runOnCore(
  core: number | undefined,
  program: string,
  args: readonly string[],
): Promise<number> {
  const command = [process.execPath, '--expose-gc', program, ...args];
  const [file = '', ...rest] =
    core === undefined ? command : ['taskset', '-c', `${core}`, ...command];
  const child = spawn(file, rest, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
