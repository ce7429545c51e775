import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { applyFault } from '../authorization-server/faults.ts';
import { assertKnownOptions } from '../known-options.ts';
import { startListener } from '../listener.ts';
import { type Answer, refuse } from './answers.ts';
import { createCluster } from './cluster.ts';
import { createVaultFaults } from './faults.ts';
import { createKvStore, type StoredVersion } from './kv-store.ts';
import { readRequest } from './read-request.ts';
import { createRouter } from './router.ts';
import { createTokenStore } from './token-store.ts';
import type { Vault } from './vault.ts';
import type { VaultOptions } from './vault-options.ts';

const names: readonly (keyof VaultOptions)[] = [
  ...(['port', 'mount', 'secrets', 'policies', 'namespace', 'kubernetes'] as const),
  ...(['requireRequestHeader', 'now'] as const),
];

// No server listens at this address.
const activeNode = 'http://127.0.0.1:1';

/**
 * Starts a stand-in for HashiCorp Vault on 127.0.0.1: the part of its HTTP API that a reader of the KV
 * engine, version 2, uses. Made from its published documentation, and not Vault itself.
 *
 * All state is in memory and ends with it.
 *
 * @example
 * ```ts
 * const vault = await startVault({ secrets: { app: { value: 'kX3vQ9mZrT7bW2pL' } } });
 * await fetch(`${vault.url}/v1/secret/data/app`, { headers: { 'X-Vault-Token': vault.rootToken } });
 * ```
 * @throws {TypeError} for a port that cannot be one.
 */
export async function startVault(options: VaultOptions = {}): Promise<Vault> {
  assertKnownOptions(options, names);
  const { port = 0, mount = 'secret', secrets = {}, policies = {}, now = Date.now } = options;
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new TypeError('port: must be from 0 to 65535');
  }
  const store = createKvStore(now);
  const tokens = createTokenStore(now);
  const cluster = await createCluster(now);
  const faults = createVaultFaults();
  const requests = new Map<string, { count: number; headers: IncomingHttpHeaders }>();
  const ending = new AbortController();
  let state: 'active' | 'standby' | 'sealed' = 'active';
  const route = createRouter({
    mount,
    namespace: options.namespace ?? '',
    kubernetes: options.kubernetes,
    requireRequestHeader: options.requireRequestHeader ?? false,
    policies: new Map(Object.entries(policies)),
    store,
    tokens,
    cluster,
    now,
  });
  const root = { displayName: 'root', path: 'auth/token/root', policies: ['root'], ttlSeconds: 0 };
  const { id: rootToken } = tokens.issue(root);
  for (const [path, fields] of Object.entries(secrets)) store.put(path, fields);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(request);
    if (asked.path === 'sys/health') return send(response, answerHealth());
    if (state === 'sealed') return send(response, refuse(503, 'Vault is sealed'));
    if (state === 'standby') {
      response.writeHead(307, { Location: `${activeNode}${request.url}` }).end();
      return;
    }
    send(response, await route(asked));
  }

  function answerHealth(): Answer {
    const status = { active: 200, standby: 429, sealed: 503 }[state];
    const [sealed, standby] = [state === 'sealed', state === 'standby'];
    return { status, body: { initialized: true, sealed, standby, performance_standby: false } };
  }

  function receive(request: IncomingMessage, response: ServerResponse): void {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const count = (requests.get(path)?.count ?? 0) + 1;
    requests.set(path, { count, headers: request.headers });
    const handle = (from: IncomingMessage, to: ServerResponse) => {
      answer(from, to).catch(() => send(to, refuse(500, 'internal error')));
    };
    const fault = faults.take(path);
    const { signal } = ending;
    if (fault === undefined) handle(request, response);
    else applyFault(fault, { request, response, handle, signal }).catch(() => response.destroy());
  }

  function change(path: string, version: number, apply: (stored: StoredVersion) => void): void {
    const stored = store.find(path, version);
    if (stored === undefined) throw new TypeError(`${path}: there is no such version`);
    apply(stored);
  }

  const listener = await startListener(port, receive);

  return {
    url: `http://127.0.0.1:${listener.port}`,
    port: listener.port,
    rootToken,
    put: store.put,
    deleteSecret: store.remove,
    deleteVersion: (path, version = 0) =>
      change(path, version, (stored) => {
        stored.deletedAt = new Date(now()).toISOString();
      }),
    undeleteVersion: (path, version = 0) =>
      change(path, version, (stored) => {
        stored.deletedAt = '';
      }),
    destroyVersion: (path, version = 0) =>
      change(path, version, (stored) => {
        stored.fields = undefined;
      }),
    createToken: ({ policies: names, ttlSeconds = 0 }) =>
      tokens.issue({
        displayName: 'token',
        path: 'auth/token/create',
        policies: ['default', ...names],
        ttlSeconds,
      }).id,
    revoke(token) {
      if (token !== undefined) return tokens.revoke(token);
      tokens.revokeAll();
      tokens.issue({ ...root, id: rootToken });
    },
    mintServiceAccountToken: cluster.mint,
    seal() {
      state = 'sealed';
    },
    unseal() {
      state = 'active';
    },
    standBy() {
      state = 'standby';
    },
    activate() {
      state = 'active';
    },
    fault: (fault, whom = {}) => faults.add(fault, whom),
    clearFaults: faults.clear,
    hits: (path) => requests.get(path)?.count ?? 0,
    headers: (path) => requests.get(path)?.headers ?? {},
    pause: listener.close,
    resume: listener.open,
    async stop() {
      ending.abort();
      await listener.close();
    },
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const headers = { 'Cache-Control': 'no-store', 'Content-Type': 'application/json' };
  response.writeHead(status, headers).end(body === undefined ? undefined : JSON.stringify(body));
}
