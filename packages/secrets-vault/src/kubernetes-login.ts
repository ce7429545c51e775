import type { FaultyReading } from '@sallyport/cached-secrets';
import { type Checks, ConfigError, check, checkOptions, type Secret } from '@sallyport/core';
import type { VaultAuthentication, VaultSession, VaultSurroundings } from './authentication.ts';
import { toFault } from './secret-fault.ts';
import { assertPath } from './secret-name.ts';
import { readServiceAccount, unknownAccount } from './service-account.ts';
import { readTokenFile } from './token-file.ts';
import { readToken } from './token-text.ts';

/** Options for {@link kubernetesLogin}. */
export interface KubernetesLoginOptions {
  /** The role in Vault that is bound to the service account. */
  readonly role: string;
  /** Where Kubernetes authentication is mounted. Default `kubernetes`. */
  readonly mount?: string;
  /**
   * The service account's token, which is read anew for every login, since the cluster replaces it.
   * Default `/var/run/secrets/kubernetes.io/serviceaccount/token`.
   */
  readonly tokenPath?: string;
}

interface Lease {
  readonly token: Secret;
  /** When to log in again. */
  readonly renewAt: number;
  readonly endsAt: number;
}

const defaultTokenPath = '/var/run/secrets/kubernetes.io/serviceaccount/token';
// A token is used for this part of its lease.
const usedPart = 2 / 3;
// A refusal that another login does not change must not become a login for every reading.
const renouncePauseMs = 30_000;

const optionChecks: Checks<KubernetesLoginOptions> = {
  role: check.text,
  mount: check.optional(check.text),
  tokenPath: check.optional(check.text),
};

/**
 * Logs in with the token of the pod's service account, and again when two thirds of the lease are
 * over, or when the token was refused.
 *
 * @throws {ConfigError} for a role or a mount that cannot be one.
 */
export function kubernetesLogin(given: KubernetesLoginOptions): VaultAuthentication {
  const options = checkOptions('vault.authentication', given, optionChecks);
  const { role, mount = 'kubernetes', tokenPath = defaultTokenPath } = options;
  assertPath('vault.authentication.mount', mount);
  if (typeof role !== 'string' || !/^[A-Za-z0-9_.-]{1,255}$/.test(role)) {
    throw new ConfigError('vault.authentication.role', 'must be the name of a role in Vault');
  }
  if (typeof tokenPath !== 'string' || tokenPath === '') {
    throw new ConfigError('vault.authentication.tokenPath', 'must be the path of a file');
  }
  return { open: (surroundings) => createSession({ role, mount, tokenPath }, surroundings) };
}

function createSession(
  { role, mount, tokenPath }: Required<KubernetesLoginOptions>,
  { client, monotonicNow, closed: signal }: VaultSurroundings,
): VaultSession {
  let account = unknownAccount;
  let lease: Lease | undefined;
  let renouncedAt = Number.NEGATIVE_INFINITY;
  let loggingIn: Promise<FaultyReading | undefined> | undefined;

  async function logIn(): Promise<FaultyReading | undefined> {
    const startedAt = monotonicNow();
    const jwt = await readTokenFile(tokenPath);
    if ('fault' in jwt) return jwt;
    account = readServiceAccount(jwt);
    const body = { role, jwt: jwt.reveal() };
    const answer = await client.send({ path: `auth/${mount}/login`, body, signal });
    if ('fault' in answer) return { ...answer, detail: `login: ${answer.detail}` };
    if (answer.status !== 200) return toLoginFault(answer.status, role, mount);
    const granted = readLease(answer.json, startedAt);
    if (granted === undefined) {
      return { fault: 'unexpected_answer', detail: 'login: the answer holds no token' };
    }
    lease = granted;
    return undefined;
  }

  return {
    // Without policies: Vault keeps those that the role has.
    remedy: () =>
      `vault write auth/${mount}/role/${role} bound_service_account_names=${account.name} bound_service_account_namespaces=${account.namespace}`,

    async findToken() {
      if (lease !== undefined && monotonicNow() < lease.renewAt) return lease.token;
      // One login for all readings. Each of them has its own deadline.
      loggingIn ??= logIn().finally(() => {
        loggingIn = undefined;
      });
      const fault = await loggingIn;
      // What could not be renewed is good until its end.
      if (lease !== undefined && monotonicNow() < lease.endsAt) return lease.token;
      return fault ?? { fault: 'unavailable', detail: 'login: the lease is over already' };
    },

    renounce(token) {
      if (lease?.token !== token || monotonicNow() - renouncedAt < renouncePauseMs) return;
      renouncedAt = monotonicNow();
      lease = undefined;
    },
  };
}

function toLoginFault(status: number, role: string, mount: string): FaultyReading {
  if (status !== 400 && status !== 403 && status !== 404) {
    const fault = toFault(status);
    return { ...fault, detail: `login: ${fault.detail}` };
  }
  const detail = `HTTP ${status}: auth/${mount}/login refuses the service account, or has no role ${role}.`;
  return { fault: 'login_refused', detail };
}

function readLease(json: unknown, startedAt: number): Lease | undefined {
  const { auth } = Object(json) as { readonly auth?: unknown };
  const { client_token: text, lease_duration: seconds } = Object(auth) as Readonly<
    Record<string, unknown>
  >;
  const token = readToken(text);
  if (token === undefined || typeof seconds !== 'number' || !(seconds >= 0)) return undefined;
  // A lease of 0 seconds has no end.
  const leaseMs = seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1_000;
  return { token, renewAt: startedAt + leaseMs * usedPart, endsAt: startedAt + leaseMs };
}
