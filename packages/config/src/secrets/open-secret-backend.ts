import { ConfigError, type Environment, type SecretProvider } from '@sallyport/core';
import type { ConfigListener } from '../config-event.ts';
import { toConfigError } from '../report/problems.ts';
import { refusePlaceholder } from '../values/placeholders.ts';
import type { Settings } from '../values/settings.ts';
import { secretBackend, secretCacheTtl } from '../variables/secret-variables.ts';
import type { Variable } from '../variables/variable.ts';
import { secretBackends } from './backends/all-backends.ts';
import type { PreparedBackend, SecretBackend } from './backends/secret-backend.ts';

/** Where secrets are read, and how variables name them there. */
export interface OpenBackend {
  readonly provider: SecretProvider;
  /** A value `scheme://name` names a secret. `undefined`: values name none. */
  readonly scheme: string | undefined;
  /** The forms of such a value, for messages. */
  readonly referenceForm: string;
  readonly nameOf: (secret: string) => string;
}

/** Options for {@link openSecretBackend}. */
export interface SecretBackendOptions {
  readonly secrets?: SecretProvider;
  readonly secretScheme?: string;
  readonly awsClientOptions?: Readonly<Record<string, unknown>>;
  readonly gcpClientOptions?: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  readonly onEvent: ConfigListener;
}

/**
 * Opens the backend that the variables name, or takes the provider of the options.
 *
 * @returns `undefined` where secrets are in the environment; `unusable` where a problem was found.
 */
export async function openSecretBackend(
  settings: Settings,
  { secrets, secretScheme, ...options }: SecretBackendOptions,
): Promise<OpenBackend | 'unusable' | undefined> {
  const name = settings.read(secretBackend);
  const cacheTtlSeconds = settings.read(secretCacheTtl);
  if (secrets !== undefined) return takeProvider(secrets, secretScheme);
  const backend = findBackend(name, settings);
  warnOfOthers(backend, settings);
  if (backend === undefined) return undefined;
  const { awsClientOptions = {}, gcpClientOptions = {}, environment, onEvent } = options;
  const context = { environment, cacheTtlSeconds, awsClientOptions, gcpClientOptions, onEvent };
  const prepared = backend.prepare(settings, context);
  for (const variable of backend.variables) {
    const text = settings.textOf(variable).trim();
    if (text === '' || settings.isUnknown(variable)) continue;
    refusePlaceholder(settings, variable, text, environment);
  }
  const isBroken = [secretBackend, ...backend.variables].some(settings.isUnknown);
  if (prepared === undefined || isBroken) return 'unusable';
  return open(backend, prepared, settings);
}

function takeProvider(provider: SecretProvider, scheme: string | undefined): OpenBackend {
  const known = secretBackends.find(({ name }) => name === provider.name);
  const used = scheme ?? known?.scheme;
  return {
    provider,
    scheme: used,
    referenceForm: known?.scheme === used ? `${known?.referenceForm}` : `${used}://name`,
    nameOf: (secret) => secret,
  };
}

/** A misspelt name may mean a backend, which then has what seems to be missing. */
function findBackend(name: string, settings: Settings): SecretBackend | undefined {
  const backend = secretBackends.find((row) => row.name === name);
  if (backend !== undefined || !settings.isUnknown(secretBackend)) return backend;
  return secretBackends.find(({ hint }) => hint.test(settings.textOf(secretBackend)));
}

/** Somebody who sets the address of a backend expects that it is asked. */
function warnOfOthers(used: SecretBackend | undefined, settings: Settings): void {
  if (settings.isUnknown(secretBackend)) return;
  for (const backend of secretBackends) {
    if (backend === used) continue;
    for (const variable of backend.variables) {
      // A platform sets those without our prefix for programs of all kinds.
      if (!settings.isSet(variable) || !variable.name.startsWith('FASTMCP_')) continue;
      settings.warn(
        variable,
        `has no effect. It is for ${secretBackend.name}=${backend.name}, and that is ${used?.name ?? 'env'}`,
      );
    }
  }
}

async function open(
  backend: SecretBackend,
  prepared: PreparedBackend,
  settings: Settings,
): Promise<OpenBackend | 'unusable'> {
  const { scheme, referenceForm, variableOf } = backend;
  try {
    return { provider: await prepared.open(), scheme, referenceForm, nameOf: prepared.nameOf };
  } catch (error) {
    const { option, problem } = toConfigError(error);
    settings.refuse(variableFor(option, variableOf), problem);
    return 'unusable';
  }
}

function variableFor(option: string, variableOf: Readonly<Record<string, Variable>>): Variable {
  if (option === secretBackend.name) return secretBackend;
  const found = Object.entries(variableOf).find(([start]) => option.startsWith(start));
  if (found === undefined) throw new ConfigError(option, 'no variable sets it');
  return found[1];
}
