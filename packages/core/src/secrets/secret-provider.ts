/** The contract between the configuration and whatever stores secrets. */
import type { Secret } from './secret.ts';

/** The answer for one name. A secret that does not exist is an answer, and not a failure. */
export type SecretLookup =
  | {
      readonly found: true;
      readonly secret: Secret;
      /** Which one was read, for the start-up report: a version number, or a path. Not secret. */
      readonly version: string;
    }
  | { readonly found: false };

/** What one look-up may use. */
export interface SecretContext {
  /** Aborts when the caller no longer needs the value. Pass it to every I/O call. */
  readonly signal: AbortSignal;
}

/** A new value of a secret. A listener that needs the previous value for a while must keep it. */
export interface SecretChange {
  readonly name: string;
  readonly secret: Secret;
  /** See {@link SecretLookup}. */
  readonly version: string;
  /** `undefined` for the first. */
  readonly previousVersion: string | undefined;
}

/** Reads secrets by name. `describeSecretProvider` of `@sallyport/contract-tests` proves one. */
export interface SecretProvider {
  /** Label for audit events and the start-up report: a constant such as `gcp_secret_manager`. */
  readonly name: string;

  /**
   * Looks one secret up.
   *
   * @param name The secret's name in the backend's own spelling. Refused before any I/O when it
   *   has characters that the backend's names cannot have.
   * @returns `found: false` only when the backend answered that the secret does not exist.
   * @throws {AuthError} `upstream_unavailable` when the backend could not be asked, refused us or
   *   sent something unusable. `detail` says what to do about it and holds no secret byte.
   * @throws {ConfigError} When `name` cannot be a name in this backend.
   */
  get(name: string, context: SecretContext): Promise<SecretLookup>;

  /**
   * Reads a secret without the cache, for example after a server refused the value. Has no effect if the secret
   * was read a moment ago. Absent when the provider has no cache.
   *
   * @throws As {@link get} does.
   */
  reread?(name: string, context: SecretContext): Promise<SecretLookup>;

  /**
   * Calls the listener for every new value, until you call the returned function. Absent when secrets of this
   * provider never change.
   *
   * @throws {ConfigError} As {@link get} does.
   */
  watch?(name: string, listener: (change: SecretChange) => void): () => void;

  /** Releases sockets and timers. Called once, at shutdown. */
  close?(): Promise<void>;
}
