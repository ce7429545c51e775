/** `sallyport keys`: makes, lists, revokes and rotates API keys. */
import { ConfigError, isAuthError } from '@sallyport/core';
import type { ApiKeyRegistry } from '@sallyport/verifier-api-key';
import { exitCode } from '../exit-code.ts';
import { readToken } from '../explain/read-token.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { reportProblems } from '../settings/report-problems.ts';
import { readSettingsSource } from '../settings/settings-source.ts';
import type { Surroundings } from '../surroundings.ts';
import { withProgress } from '../terminal/progress.ts';
import { createTerminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { openRegistry } from './open-registry.ts';
import { writeIssuedKey, writeKeys, writeRevoked } from './write-keys.ts';

/** Options of every command about keys. */
export interface KeysOptions {
  readonly envFile?: string;
  readonly json?: boolean;
}

/** Options of `keys create`. */
export interface CreateOptions extends KeysOptions {
  readonly owner: string;
  readonly client?: string;
  /** Separated by spaces. */
  readonly scope?: string;
  readonly days?: string;
}

/** Options of `keys rotate`. */
export interface RotateOptions extends KeysOptions {
  /** Seconds. */
  readonly overlap?: string;
  readonly days?: string;
}

/** @returns The exit code, as all of these do. */
export function createKey(options: CreateOptions, surroundings: Surroundings): Promise<number> {
  const { owner, client, scope = '', days } = options;
  return withRegistry(options, surroundings, async (registry) => {
    const issued = await registry.create({
      owner,
      ...(client !== undefined && { client }),
      scopes: scope.split(/[\s,]+/).filter(Boolean),
      ...(days !== undefined && { days: readNumber('--days', days) }),
    });
    writeIssuedKey(issued, options, surroundings);
    return exitCode.done;
  });
}

export function listKeys(options: KeysOptions, surroundings: Surroundings): Promise<number> {
  return withRegistry(options, surroundings, async (registry) => {
    writeKeys(await registry.list(), options, surroundings);
    return exitCode.done;
  });
}

/** @param id `undefined`: a key that somebody found is on standard input. */
export async function revokeKey(
  id: string | undefined,
  options: KeysOptions,
  surroundings: Surroundings,
): Promise<number> {
  if (id?.startsWith('sallyport_')) {
    throw new UsageError(
      'A key among the arguments is kept by the shell and seen by every process. Pipe it: pbpaste | sallyport keys revoke',
    );
  }
  return withRegistry(options, surroundings, async (registry) => {
    const found = id ?? (await registry.identify(await readToken(surroundings)));
    const isRevoked = found !== undefined && (await registry.revoke(found));
    if (!isRevoked) return reportUnknown(found, options, surroundings);
    writeRevoked(found, options, surroundings);
    return exitCode.done;
  });
}

export function rotateKey(
  id: string,
  options: RotateOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { overlap, days } = options;
  return withRegistry(options, surroundings, async (registry) => {
    const issued = await registry.rotate(id, {
      ...(overlap !== undefined && { overlapSeconds: readNumber('--overlap', overlap) }),
      ...(days !== undefined && { days: readNumber('--days', days) }),
    });
    if (issued === undefined) return reportUnknown(id, options, surroundings);
    writeIssuedKey(issued, options, surroundings);
    return exitCode.done;
  });
}

async function withRegistry(
  options: KeysOptions,
  surroundings: Surroundings,
  use: (registry: ApiKeyRegistry) => Promise<number>,
): Promise<number> {
  const source = readSettingsSource(options, surroundings);
  const { config, problems } = await withProgress(surroundings, 'Reading the secrets', () =>
    loadSettings(source, { readsSecrets: true }),
  );
  if (config === undefined) return reportProblems(problems, source, surroundings, options);
  try {
    const { apiKeys, resource } = config;
    if (apiKeys === undefined) {
      const variable = 'FASTMCP_SERVER_AUTH_API_KEY_FILE';
      const problem =
        'is missing: this server accepts no API keys. Set it to the path of a file, or FASTMCP_SERVER_AUTH_API_KEY_REDIS_URL for several instances';
      return reportProblems(
        [{ variable, problem, isOutage: false }],
        source,
        surroundings,
        options,
      );
    }
    const { registry, close } = await openRegistry(apiKeys, { resource, now: surroundings.now });
    try {
      return await use(registry);
    } finally {
      close();
    }
  } catch (error) {
    return report(error, options, surroundings);
  } finally {
    await config.secrets?.close?.();
  }
}

// The registry names its options, but a user of the command knows only its words.
const words: Readonly<Record<string, string>> = {
  'key.owner': '--owner',
  'key.client': '--client',
  'key.scopes': '--scope',
  'key.days': '--days',
  'rotation.days': '--days',
  'rotation.overlapSeconds': '--overlap',
};

function report(
  error: unknown,
  options: KeysOptions,
  surroundings: Pick<Surroundings, 'output' | 'errors' | 'variables'>,
): number {
  if (error instanceof ConfigError) {
    const word = words[error.option.replace(/\[\d+\]$/, '')];
    throw new UsageError(word === undefined ? error.problem : `${word} ${error.problem}`);
  }
  if (!isAuthError(error)) throw error;
  return reportBroken(error.detail ?? error.message, options, surroundings);
}

function reportUnknown(
  id: string | undefined,
  options: KeysOptions,
  surroundings: Surroundings,
): number {
  const problem =
    id === undefined
      ? 'This server has no record of the key: it was never made here, or with another secret.'
      : `There is no key ${id}. "sallyport keys list" shows all of them.`;
  return reportBroken(problem, options, surroundings);
}

function reportBroken(
  problem: string,
  { json }: KeysOptions,
  { output, errors, variables }: Pick<Surroundings, 'output' | 'errors' | 'variables'>,
): number {
  if (json) output.write(`${JSON.stringify({ ok: false, problem }, null, 2)}\n`);
  else createTerminal(errors, variables).paragraph(problem, 0);
  return exitCode.broken;
}

function readNumber(word: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${word} must be a whole number.`);
  return Number(text);
}
