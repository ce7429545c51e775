import type { Environment, SecretProvider } from '@sallyport/core';
import type { ConfigListener } from '../../config-event.ts';
import type { Settings } from '../../values/settings.ts';
import type { Variable } from '../../variables/variable.ts';

/** One row of the table of secret backends. */
export interface SecretBackend {
  /** The value of `FASTMCP_SERVER_AUTH_SECRET_BACKEND`, and the `name` of its provider. */
  readonly name: string;
  /** Matches a misspelt value that probably means this backend. */
  readonly hint: RegExp;
  /** A value `scheme://name` names a secret. */
  readonly scheme: string;
  /** The forms of such a value, for messages: `gcp-sm://name or gcp-sm://name@version`. */
  readonly referenceForm: string;
  readonly variables: readonly Variable[];
  /** By the beginning of an option of its factory: the variable that sets it. */
  readonly variableOf: Readonly<Record<string, Variable>>;
  /**
   * Reads its variables, and remembers their problems in the settings. It opens nothing.
   *
   * @returns `undefined` when a variable is missing.
   */
  prepare(settings: Settings, context: BackendContext): PreparedBackend | undefined;
}

interface BackendContext {
  readonly environment: Environment;
  readonly cacheTtlSeconds: number;
  readonly awsClientOptions: Readonly<Record<string, unknown>>;
  readonly gcpClientOptions: Readonly<Record<string, unknown>>;
  readonly onEvent: ConfigListener;
}

/** A backend whose variables are complete. */
export interface PreparedBackend {
  /** The name in this backend of a secret that the README names, such as `jwt-issuer`. */
  readonly nameOf: (secret: string) => string;
  /**
   * Loads the package of the backend, and creates its provider.
   *
   * @throws {ConfigError} When the package is not installed, or a variable cannot be used.
   */
  open(): Promise<SecretProvider>;
}
