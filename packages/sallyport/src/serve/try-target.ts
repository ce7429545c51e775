/** Whether a server can be started at all, before `dev` says that it is there. */
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { ConfigError } from '@sallyport/core';
import type { Upstream } from '@sallyport/proxy';
import type { Surroundings } from '../surroundings.ts';
import { printable } from '../terminal/printable.ts';
import { moduleArguments } from './open-upstream.ts';
import type { ServeOptions, Target } from './serve-options.ts';

/** What a trial needs. */
export interface TrialContext {
  readonly upstream: Pick<Upstream, 'health'>;
  readonly options: Pick<ServeOptions, 'pass'>;
  readonly surroundings: Pick<Surroundings, 'variables' | 'folder'>;
  readonly signal: AbortSignal;
}

// A module that takes longer is taken for good.
const longestTrialMs = 10_000;

/**
 * Looks for the program of a command, or loads a module once and ends. A server that speaks HTTP may start later.
 *
 * @throws {ConfigError} When the program is not there, or the module exports no MCP server.
 */
export async function tryTarget(
  target: Target,
  { upstream, options: { pass = [] }, surroundings, signal }: TrialContext,
): Promise<void> {
  if (target.kind === 'command') {
    const health = await upstream.health();
    if (health.isAvailable) return;
    throw new ConfigError(
      printable(target.command),
      'is not a program that can be started. Install it, or write its whole path',
    );
  }
  if (target.kind !== 'module') return;
  const { variables, folder } = surroundings;
  const env = Object.fromEntries(['PATH', 'HOME', ...pass].map((name) => [name, variables[name]]));
  const said = await new Promise<string | undefined>((resolve) => {
    execFile(
      process.execPath,
      [...moduleArguments(target.file), '--trial'],
      { cwd: folder, env, signal, timeout: longestTrialMs },
      (error, _output, errors) =>
        resolve(error === null || error.killed === true ? undefined : errors),
    );
  });
  if (said === undefined || signal.aborted) return;
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const sentence =
    lines.find((line) => line.startsWith('exports no MCP server')) ??
    `cannot be loaded: ${lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[0] ?? 'it says nothing'}`;
  throw new ConfigError(basename(target.file), printable(sentence));
}
