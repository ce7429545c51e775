import {
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type Secret,
  type SecretChange,
  type SecretContext,
  type SecretLookup,
  type SecretProvider,
} from '@sallyport/core';
import { readBounds } from './bounds.ts';
import { type CachedSecret, createCachedSecret } from './cached-secret.ts';
import { readPersistently } from './read-persistently.ts';
import { type Reading, readVersion } from './read-version.ts';
import type { SecretEvent } from './secret-event.ts';
import {
  borrowClient,
  createLazyClient,
  type SecretManagerClient,
} from './secret-manager-client.ts';
import { parseSecretName } from './secret-name.ts';
import { createSlots } from './slots.ts';
import { findProblem } from './validity.ts';
import { createWatch, type Watch } from './watch.ts';

/** Options for {@link createGcpSecrets}. */
export interface GcpSecretsOptions {
  /** The project's id, or its number. */
  readonly projectId: string;
  /**
   * How old a value may get before it is read again, give or take a tenth: 1 to 86,400 seconds.
   * Default 300.
   */
  readonly cacheTtlSeconds?: number;
  /**
   * For how much longer the last good value is used while none can be read: 0 to 604,800 seconds.
   * Default 86,400.
   */
  readonly maximumStaleSeconds?: number;
  /**
   * Time for one reading with all its attempts, in milliseconds: 100 to 60,000. Default 10,000. Each
   * of three attempts has a third of it.
   */
  readonly timeoutMs?: number;
  /**
   * Throws when a value cannot be used. A new version that it refuses replaces nothing. What it throws
   * is not shown, unless it is a `ConfigError`. Default everything can be used.
   */
  readonly validate?: (name: string, secret: Secret) => void;
  /** Is told what happens to the secrets. What it throws is ignored. Default nobody. */
  readonly onEvent?: (event: SecretEvent) => void;
  /**
   * The account that reads the secrets, named in the command that grants access. Default: the account of
   * the client's credentials.
   */
  readonly serviceAccount?: string;
  /** A client of one's own, which is not closed. Default one with {@link clientOptions}. */
  readonly client?: SecretManagerClient;
  /**
   * For the constructor of `SecretManagerServiceClient`, as they are. Default none: Application Default
   * Credentials.
   */
  readonly clientOptions?: Readonly<Record<string, unknown>>;
  /** Monotonic clock, in milliseconds from any start. Default `performance.now`. */
  readonly now?: () => number;
  /**
   * Timer of what is watched, and of who has an old value and waits for the new one; rejects when the
   * signal aborts. Default one that keeps no process alive.
   */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Secrets of one project. A name is that of a secret, or `name@version`. */
export interface GcpSecrets extends SecretProvider {
  /**
   * Reads a secret again and again, as long as somebody watches, and tells when another value is in
   * force: at most `cacheTtlSeconds` and a tenth after it was stored.
   *
   * @returns what ends it.
   * @throws {ConfigError} for a name that cannot be one.
   */
  watch(name: string, listener: (change: SecretChange) => void): () => void;
  /**
   * Reads a secret now, for when its value was just refused: at most once in 30 seconds, and otherwise
   * like `get`. When it cannot be read, the last good value is the answer.
   */
  reread(name: string, context: SecretContext): Promise<SecretLookup>;
  /** Ends all reading and watching. Nothing of it keeps the process alive. */
  close(): Promise<void>;
}

interface Entry {
  readonly cached: CachedSecret;
  readonly watch: Watch<SecretChange>;
}

const mostReadingsAtOnce = 8;
const projectPattern = /^(?:(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|[0-9]{1,20})$/;

const optionChecks: Checks<GcpSecretsOptions> = {
  projectId: check.text,
  cacheTtlSeconds: check.optional(check.number),
  maximumStaleSeconds: check.optional(check.number),
  timeoutMs: check.optional(check.number),
  validate: check.optional(check.callback),
  onEvent: check.optional(check.callback),
  serviceAccount: check.optional(check.text),
  client: check.optional(check.object),
  clientOptions: check.optional(check.recordOf(check.optional(check.anything))),
  now: check.optional(check.callback),
  wait: check.optional(check.callback),
};

/**
 * Looks secrets up in Google Cloud Secret Manager, and remembers them: through outages, and until a
 * new version is there.
 *
 * Its client is loaded, and asked, when the first secret is.
 *
 * @example
 * ```ts
 * const secrets = createGcpSecrets({ projectId: 'my-project', onEvent: log });
 * const issuer = await secrets.get('jwt-issuer', { signal });
 * ```
 * @throws {ConfigError} for an option that cannot be used.
 */
export function createGcpSecrets(given: GcpSecretsOptions): GcpSecrets {
  const options = checkOptions('gcp', given, optionChecks);
  const { projectId, client: borrowed, clientOptions = {}, validate = () => {} } = options;
  const { onEvent, serviceAccount } = options;
  if (typeof projectId !== 'string' || !projectPattern.test(projectId)) {
    throw new ConfigError(
      'gcp.projectId',
      'must be the id of a project, such as my-project-123456',
    );
  }
  const { timeoutMs, wait, ...bounds } = readBounds(options);
  const client = borrowed === undefined ? createLazyClient(clientOptions) : borrowClient(borrowed);
  const inSlot = createSlots(mostReadingsAtOnce);
  const closed = new AbortController();
  // A word and no variable: gcloud refuses it by name, where a shell would take an unset variable as empty.
  let account = serviceAccount ?? 'SERVICE_ACCOUNT_EMAIL';
  const entries = new Map<string, Entry>();

  function report(event: SecretEvent): void {
    // What breaks off at shutdown is no outage.
    if (closed.signal.aborted) return;
    try {
      onEvent?.(event);
    } catch {
      // A broken log must not be taken for an outage of the secrets.
    }
  }

  function find(asked: string): Entry {
    const { secret, version } = parseSecretName(asked);
    const name = version === 'latest' ? secret : `${secret}@${version}`;
    const known = entries.get(name);
    if (known !== undefined) return known;
    const attempt = (signal: AbortSignal): Promise<Reading> =>
      inSlot(async () => {
        const reading = await readVersion({
          client,
          projectId,
          name: { secret, version },
          timeoutMs: Math.ceil(timeoutMs / 3),
          signal,
        });
        if ('fault' in reading && reading.fault === 'access_denied') {
          account = serviceAccount ?? (await client.findAccount()) ?? account;
        }
        return reading;
      });
    const cached = createCachedSecret({
      ...bounds,
      wait,
      name,
      read: () => readPersistently({ attempt, timeoutMs, signal: closed.signal }),
      findProblem: (value) => findProblem(validate, name, value),
      report,
      remedies: () => ({
        access_denied: `gcloud secrets add-iam-policy-binding ${secret} --project=${projectId} --member=serviceAccount:${account} --role=roles/secretmanager.secretAccessor`,
        credentials_missing: 'gcloud auth application-default login',
      }),
      onChange: ({ secret: value, version: current }, previous) =>
        watch.tell({
          name,
          secret: value,
          version: current,
          previousVersion: previous?.version,
        }),
    });
    const watch = createWatch<SecretChange>({ cached, wait, closed: closed.signal });
    const entry: Entry = { cached, watch };
    entries.set(name, entry);
    return entry;
  }

  return {
    name: 'gcp_secret_manager',
    get: async (name, { signal }) => find(name).cached.get(signal),
    reread: async (name, { signal }) => find(name).cached.reread(signal),
    watch: (name, listener) => find(name).watch.add(listener),

    async close() {
      closed.abort();
      await client.close();
    },
  };
}
