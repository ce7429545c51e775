/** What is used of `SecretManagerServiceClient`. The package is loaded when the first secret is. */

import { setTimeout as sleep } from 'node:timers/promises';

/** A version's payload as the client hands it out. */
export interface AccessedVersion {
  readonly name?: string | null;
  readonly payload?: {
    readonly data?: Uint8Array | string | null;
    /** An integer of 64 bits, which the client gives as a decimal string. */
    readonly dataCrc32c?: unknown;
  } | null;
}

/** A client of Secret Manager. That of `@google-cloud/secret-manager` is one. */
export interface SecretManagerClient {
  initialize(): Promise<unknown>;
  accessSecretVersion(
    request: { name: string },
    options: CallOptions,
  ): Promise<readonly [AccessedVersion, ...unknown[]]>;
  /** The same calls without their wrapping, where the client has them. */
  readonly innerApiCalls?: object;
  /** The identity of the client, if it is known: an instance of `GoogleAuth`. */
  readonly auth?: object;
  close(): Promise<void>;
}

interface CallOptions {
  timeout: number;
  /** The client's own retries would go on for ten minutes, whatever the timeout says. */
  retry: null;
  otherArgs?: { headers: Record<string, string> };
}

/** A client that is made when first used, and made anew when making it failed. */
export interface LazyClient {
  open(): Promise<SecretManagerClient>;
  /** The account of the client's credentials; `undefined` where it is not known within a second. */
  findAccount(): Promise<string | undefined>;
  close(): Promise<void>;
}

// The channel's own pauses grow to two minutes, so that the end of an outage would stay unnoticed.
const channelOptions = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 800,
};

const service = 'https://secretmanager.googleapis.com/';

/**
 * Application Default Credentials, unless the options say otherwise.
 *
 * @param projectId The project of the secrets. A client that does not know its project runs the program
 *   `gcloud` and asks the metadata server, one after the other, before its first call.
 */
export function createLazyClient(
  projectId: string,
  clientOptions: Readonly<Record<string, unknown>>,
): LazyClient {
  let opening: Promise<SecretManagerClient> | undefined;
  let opened: SecretManagerClient | undefined;
  let isClosed = false;

  async function create(): Promise<SecretManagerClient> {
    const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
    const client = new SecretManagerServiceClient({
      projectId,
      ...channelOptions,
      ...clientOptions,
    });
    // These credentials of a channel have no access token.
    if (clientOptions['sslCreds'] === undefined) fetchToken(client.auth);
    await initialize(client);
    if (isClosed) await client.close();
    opened = client;
    return client;
  }

  return {
    async open() {
      opening ??= create();
      try {
        return await opening;
      } catch (error) {
        // A client keeps its first failure to find credentials for good.
        opening = undefined;
        throw error;
      }
    },

    findAccount: () => findAccount(opened),

    async close() {
      isClosed = true;
      // One that is still looking for credentials is not waited for.
      await opened?.close();
    },
  };
}

/**
 * Asks for the access token while the connection opens. By itself, gRPC asks when the connection is open.
 * The credentials keep the token. If they cannot have one, the first call tells why.
 */
function fetchToken(auth: { getRequestHeaders(url: string): Promise<unknown> }): void {
  auth.getRequestHeaders(service).catch(() => {});
}

/** Uses a client of the caller, and never closes it. */
export function borrowClient(client: SecretManagerClient): LazyClient {
  return {
    async open() {
      await initialize(client);
      return client;
    },
    findAccount: () => findAccount(client),
    async close() {},
  };
}

const accountWaitMs = 1_000;
// What a shell takes as it is.
const accountPattern = /^[\w.+-]+@[\w.-]+$/;

async function findAccount(client: SecretManagerClient | undefined): Promise<string | undefined> {
  const { getCredentials } = Object(client?.auth) as {
    getCredentials?: () => Promise<{ readonly client_email?: string | null }>;
  };
  if (typeof getCredentials !== 'function') return undefined;
  const over = new AbortController();
  try {
    const { client_email: email } = await Promise.race([
      getCredentials.call(client?.auth),
      sleep(accountWaitMs, {}, { signal: over.signal, ref: false }) as Promise<{
        readonly client_email?: string;
      }>,
    ]);
    return typeof email === 'string' && accountPattern.test(email) ? email : undefined;
  } catch {
    // The command then has SERVICE_ACCOUNT_EMAIL in place of the account.
    return undefined;
  } finally {
    over.abort();
  }
}

/**
 * Reads a version, until the signal aborts.
 *
 * Not by `accessSecretVersion` when that can be avoided: it cannot be cancelled, so that a call that
 * hangs keeps the process alive, and it prints every payload where `GOOGLE_SDK_NODE_LOGGING` is set.
 */
export async function accessVersion(
  client: SecretManagerClient,
  request: { readonly name: string; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<AccessedVersion> {
  const { name, timeoutMs: timeout, signal } = request;
  const { accessSecretVersion: call } = Object(client.innerApiCalls) as Partial<InnerApiCalls>;
  if (call === undefined) {
    const [answer] = await client.accessSecretVersion({ name }, { timeout, retry: null });
    return answer;
  }
  const headers = { 'x-goog-request-params': `name=${encodeURIComponent(name)}` };
  const calling = call({ name }, { timeout, retry: null, otherArgs: { headers } });
  const cancel = () => calling.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const [answer] = await calling;
    return answer;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

interface InnerApiCalls {
  accessSecretVersion(
    request: { name: string },
    options: CallOptions,
  ): Promise<readonly [AccessedVersion, ...unknown[]]> & { cancel(): void };
}

/**
 * Before the first call, and not by it: the call would initialize the client as well, and throw
 * missing credentials where nobody can catch them, which ends the process.
 */
async function initialize(client: SecretManagerClient): Promise<void> {
  await client.initialize();
}
