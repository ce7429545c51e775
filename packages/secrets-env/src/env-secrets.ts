import {
  type Checks,
  ConfigError,
  check,
  checkOptions,
  createReporter,
  type Environment,
  Secret,
  type SecretLookup,
  type SecretProvider,
} from '@sallyport/core';
import { readEnvFile } from './env-file.ts';
import type { EnvSecretsEvent } from './event.ts';

/** Options for {@link createEnvSecrets}. */
export interface EnvSecretsOptions {
  /** The variables, such as `process.env`. Later changes of it are not seen. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Where the program runs. In production no file is read. */
  readonly environment: Environment;
  /** Path of a `.env` file for what {@link variables} lack. It need not be there. Default none. */
  readonly envFile?: string;
  /** Receives events for operators. What it throws is ignored. Default: events are dropped. */
  readonly onEvent?: (event: EnvSecretsEvent) => void;
}

interface Found {
  readonly value: string;
  readonly version: string;
}

const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;

const optionChecks: Checks<EnvSecretsOptions> = {
  variables: check.recordOf(check.optional(check.text)),
  environment: check.environment,
  envFile: check.optional(check.text),
  onEvent: check.optional(check.callback),
};

/**
 * Looks secrets up among environment variables and, outside production, in a `.env` file. A variable
 * that is set wins over the file.
 *
 * A blank value is none. Nothing rotates: a new value needs a new process.
 *
 * @example
 * ```ts
 * const secrets = createEnvSecrets({
 *   variables: process.env,
 *   environment: detectEnvironment(process.env),
 *   envFile: '.env',
 * });
 * ```
 * @throws {ConfigError} `env.envFile` when there is a file that cannot be used.
 */
export function createEnvSecrets(given: EnvSecretsOptions): SecretProvider {
  const options = checkOptions('env', given, optionChecks);
  const { variables, environment, envFile, onEvent } = options;
  const report = createReporter<EnvSecretsEvent>(onEvent);
  const sources: [version: string, values: ReadonlyMap<string, string>][] = [
    ['environment', toMap(variables)],
  ];
  if (envFile !== undefined && environment.isProduction) {
    report({ type: 'env_file_ignored', path: envFile });
  } else if (envFile !== undefined) {
    sources.push([envFile, toMap(readEnvFile(envFile))]);
  }
  const reported = new Set<string>();

  function find(name: string): Found | undefined {
    for (const [version, values] of sources) {
      const value = values.get(name);
      if (value !== undefined) return { value, version };
    }
    return undefined;
  }

  /** `echo x | gcloud secrets create` stores a newline, and the platform hands it on as it is. */
  function withoutNewline(name: string, { value, version }: Found): string {
    const used = value.replace(/\r?\n$/, '');
    if (used !== value && !reported.has(name)) {
      reported.add(name);
      report({
        type: 'secret_trailing_newline',
        name,
        version,
        storedBytes: Buffer.byteLength(value),
        usedBytes: Buffer.byteLength(used),
      });
    }
    return used;
  }

  return {
    name: 'env',

    async get(name): Promise<SecretLookup> {
      if (!variableName.test(name)) {
        throw new ConfigError(
          'env.name',
          'the name of a variable has letters, digits and _, and at most 255 of them',
        );
      }
      const found = find(name);
      if (found === undefined) return { found: false };
      const secret = new Secret(withoutNewline(name, found));
      return { found: true, secret, version: found.version };
    },
  };
}

/** Only own and filled variables: `FASTMCP_SERVER_AUTH_JWT_ISSUER=` says as little as its absence. */
function toMap(variables: Readonly<Record<string, string | undefined>>): Map<string, string> {
  return new Map(
    Object.entries(variables).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== '',
    ),
  );
}
