/** Whether a command could be started. It is not started: a health check must cost nothing. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, resolve } from 'node:path';
import type { UpstreamHealth } from '../upstream.ts';

/** What is checked. */
export interface CommandCheck {
  readonly command: string;
  readonly directory: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly isClosing: boolean;
}

// Where execvp(3) looks without PATH.
const defaultPath = '/usr/bin:/bin';

export async function checkCommand(given: CommandCheck): Promise<UpstreamHealth> {
  if (given.isClosing) return { isAvailable: false, reason: 'closing' };
  const { command, directory = '.', variables } = given;
  if (!(await isDirectory(directory))) return { isAvailable: false, reason: 'directory_missing' };
  // As execvp(3): only a name without a slash is looked for in PATH.
  const candidates = command.includes('/')
    ? [isAbsolute(command) ? command : resolve(directory, command)]
    : (variables['PATH'] ?? defaultPath)
        .split(delimiter)
        .map((folder) => resolve(directory, folder, command));
  for (const candidate of candidates) {
    if (await isExecutable(candidate)) return { isAvailable: true };
  }
  return { isAvailable: false, reason: 'command_not_found' };
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return !(await isDirectory(path));
  } catch {
    return false;
  }
}
