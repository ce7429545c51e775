/** Runs the programs of a project, each in a separate process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The variables of a program on this machine. `PORT` 0 is any free port. */
export function variablesFor(port = 0): Record<string, string | undefined> {
  return { PATH: process.env['PATH'], ENVIRONMENT: 'development', PORT: String(port) };
}

/** Projects that run. */
export interface RunningProjects {
  readonly ports: Readonly<Record<string, number>>;
  readonly child: ChildProcess;
}

/**
 * Starts projects in one process.
 *
 * @param folder Where the projects are. Their `node_modules` are there or below.
 * @param entries The file to run, by the name of its project.
 * @param node The Node.js to run them.
 */
export async function startProjects(
  folder: string,
  entries: Readonly<Record<string, string>>,
  node: string = process.execPath,
): Promise<RunningProjects> {
  const program = join(folder, 'serve-projects.mts');
  await copyFile(new URL('serve-projects.ts', import.meta.url), program);
  const words = Object.entries(entries).map(([name, path]) => `${name}=${path}`);
  const child = spawn(node, [program, ...words], {
    cwd: folder,
    env: variablesFor(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const complaint = text(child.stderr as NodeJS.ReadableStream);
  const [ports] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(async () => {
      throw new Error(`The projects ended: ${await complaint}`);
    }),
  ]);
  return { ports, child };
}
