/** The contract between the configuration and whatever stores secrets. */
import type { Secret } from './secret.ts';

/** What a provider knows of one name. "Not there" is an answer, and not the same as a failure. */
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
  /** Aborts when nobody waits for the value any more. Pass it to every I/O call. */
  readonly signal: AbortSignal;
}

/** Another value is in force. Whoever needs the one before for a while keeps it. */
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
   * @returns `found: false` only when the backend said that there is no such secret.
   * @throws {AuthError} `upstream_unavailable` when the backend could not be asked, refused us or
   *   sent something unusable. `detail` says what to do about it and holds no secret byte.
   * @throws {ConfigError} When `name` cannot be a name in this backend.
   */
  get(name: string, context: SecretContext): Promise<SecretLookup>;

  /**
   * Reads a secret now, whatever is remembered of it: for when a value was just refused. Without
   * effect when that was done a moment ago. Where there is no such method, nothing is remembered.
   *
   * @throws As {@link get} does.
   */
  reread?(name: string, context: SecretContext): Promise<SecretLookup>;

  /**
   * Tells of every other value that comes into force, until the returned function is called. Where
   * there is no such method, a secret never changes.
   *
   * @throws {ConfigError} As {@link get} does.
   */
  watch?(name: string, listener: (change: SecretChange) => void): () => void;

  /** Releases sockets and timers. Called once, at shutdown. */
  close?(): Promise<void>;
}
