import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { idlestCore, parseAllowedCores } from './cores.ts';

/** A CPU core with little load. Undefined without `taskset`. */
export async function chooseCore(): Promise<number | undefined> {
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).status !== 0) {
    return undefined;
  }
  return chooseAmong(coresOf('self'));
}

/** One besides the core that this process was started on by {@link runOnCore}, if it was. */
export async function chooseOtherCore(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const [own, ...more] = coresOf('self');
  const others = coresOf(process.ppid).filter((core) => core !== own);
  return more.length > 0 ? undefined : chooseAmong(others);
}

function coresOf(process: 'self' | number): readonly number[] {
  return parseAllowedCores(readFileSync(`/proc/${process}/status`, 'utf8'));
}

async function chooseAmong(allowed: readonly number[]): Promise<number | undefined> {
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
