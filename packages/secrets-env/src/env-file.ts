import { readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError, check, checkArgument } from '@sallyport/core';

/**
 * Reads a `.env` file. A file that is not there has no variables.
 *
 * It sets nothing, and replaces no `${…}`.
 *
 * @throws {ConfigError} `env.envFile` when there is one that cannot be read, that is not a regular file of at
 *   most 1 MiB, or that is not UTF-8.
 */
export function readEnvFile(path: string): Readonly<Record<string, string>> {
  const bytes = readBytes(checkArgument('env.envFile', path, check.text));
  // Names of a file must not meet those that every object inherits.
  return Object.freeze(Object.assign(Object.create(null), parseEnv(decode(bytes, path))));
}

// Many times what anybody writes by hand.
const mostBytes = 1_048_576;

function readBytes(path: string): Uint8Array {
  try {
    const file = statSync(path);
    // A pipe would block the start until a program writes into it, and a device may have no end.
    if (!file.isFile() || file.size > mostBytes) {
      throw new ConfigError('env.envFile', `${path} must be a regular file of at most 1 MiB`);
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return new Uint8Array();
    throw new ConfigError('env.envFile', `${path} cannot be read (${code})`);
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    // Takes the byte order mark away, which would become part of the first name.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError('env.envFile', `${path} must be UTF-8: save it as such`);
  }
}
