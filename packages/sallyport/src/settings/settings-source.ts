import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readEnvFile } from '@sallyport/secrets-env';
import type { Surroundings } from '../surroundings.ts';
import { UsageError } from '../usage-error.ts';
import { readServiceFile } from './service-file.ts';

/** Where settings are read from: options of several commands. */
export interface SettingsOptions {
  /** A `.env` file, in place of the environment. */
  readonly envFile?: string;
  /** A Cloud Run or Kubernetes service as YAML, in place of the environment. */
  readonly service?: string;
}

/** Variables, and what is known about them. */
export interface SettingsSource {
  /** For people, such as `the environment` or `service.yaml`. */
  readonly name: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A file for what the environment lacks, in development. */
  readonly envFile?: string;
  /** By name: variables whose value is in a secret that only the platform can read, and where. */
  readonly hidden: ReadonlyMap<string, string>;
}

/**
 * Reads the variables. A file replaces the environment, so that the result is the same on every machine.
 *
 * @throws {UsageError} When a file cannot be read.
 */
export function readSettingsSource(
  { envFile, service }: SettingsOptions,
  { variables, folder }: Pick<Surroundings, 'variables' | 'folder'>,
): SettingsSource {
  if (envFile !== undefined && service !== undefined) {
    throw new UsageError('Use --env-file or --service, not both.');
  }
  if (service !== undefined) {
    return { name: service, ...readServiceFile(readText(folder, service), service) };
  }
  if (envFile !== undefined) {
    readText(folder, envFile);
    return {
      name: envFile,
      variables: readEnvFile(resolve(folder, envFile)),
      hidden: new Map(),
    };
  }
  return { name: 'the environment', variables, envFile: join(folder, '.env'), hidden: new Map() };
}

/** @throws {UsageError} When it cannot be read. */
export function readText(folder: string, path: string): string {
  try {
    return readFileSync(resolve(folder, path), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path} cannot be read (${code}). Name a file that exists.`);
  }
}
