import { createRequire } from 'node:module';
import { GrpcClient, googleAuthLibrary, grpc } from 'google-gax';
import { assertKnownOptions } from '../known-options.ts';
import { accessVersion } from './access-version.ts';
import { createFaults } from './faults.ts';
import { startGrpcListener } from './grpc-listener.ts';
import { refuseCredentials, refuseName } from './refusals.ts';
import { parseVersionName } from './resource-names.ts';
import type { SecretManager } from './secret-manager.ts';
import { createSecretStore, type StoredVersion, type VersionState } from './secret-store.ts';
import { createVersionMethods } from './version-methods.ts';

/** Options for {@link startSecretManager}. */
export interface SecretManagerOptions {
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  /** The project. Default `test-project`. */
  readonly projectId?: string;
  /** Secrets, each with one version. Default none. */
  readonly secrets?: Readonly<Record<string, string | Uint8Array>>;
  /** Serves TLS with this key and certificate, both PEM. Default without TLS. */
  readonly tls?: { readonly privateKey: string; readonly certificate: string };
  /** The one access token that is taken. A client sends it over TLS only. Default anybody may call. */
  readonly accessToken?: string;
}

const names: readonly (keyof SecretManagerOptions)[] = [
  ...(['port', 'projectId', 'secrets', 'tls', 'accessToken'] as const),
];

const require = createRequire(import.meta.url);
const projectNumber = '123456789012';

/**
 * Starts a Google Cloud Secret Manager on 127.0.0.1: real gRPC, with the service definition of
 * `@google-cloud/secret-manager`, for tests of what the real client does.
 *
 * Everybody may do everything unless told otherwise. All state is in memory and ends with it.
 *
 * @example
 * ```ts
 * const server = await startSecretManager({ secrets: { 'jwt-issuer': 'https://a.example' } });
 * const client = new SecretManagerServiceClient(server.clientOptions);
 * ```
 * @throws {TypeError} for an option that cannot be used.
 */
export async function startSecretManager(
  options: SecretManagerOptions = {},
): Promise<SecretManager> {
  assertKnownOptions(options, names);
  const { port = 0, projectId = 'test-project', secrets = {}, tls, accessToken } = options;
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new TypeError('port: must be from 0 to 65535');
  }
  const store = createSecretStore();
  const faults = createFaults();
  const denied = new Set<string>();
  const accessed = new Map<string, number>();
  let ending = new AbortController();
  let underWay = 0;
  let mostUnderWay = 0;

  const methods = {
    ...createVersionMethods({ store, projectNumber }),

    async accessSecretVersion({ name }: { readonly name: string }) {
      const asked = parseVersionName(name);
      const secret = asked?.secret ?? name;
      accessed.set(secret, (accessed.get(secret) ?? 0) + 1);
      if (asked === undefined) return { refusal: refuseName(name) };
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      try {
        const { signal } = ending;
        const isDenied = (candidate: string) => denied.has(candidate);
        const context = { store, projectNumber, isDenied, signal };
        return await accessVersion(asked, faults.take(secret), context);
      } finally {
        underWay -= 1;
      }
    },
  };

  const add = (secret: string, payload: string | Uint8Array): string => {
    const data = typeof payload === 'string' ? Buffer.from(payload) : payload;
    return String(store.add(secret, data).number);
  };
  for (const [secret, payload] of Object.entries(secrets)) add(secret, payload);
  const sslCreds = toChannelCredentials(tls);
  // Last: what throws before it leaves no open port.
  const listener = await startGrpcListener({
    port,
    service: loadService(),
    methods,
    credentials: toServerCredentials(tls),
    refuseCaller: (authorization) =>
      accessToken === undefined || authorization === `Bearer ${accessToken}`
        ? undefined
        : refuseCredentials(),
  });

  const find = (secret: string, version: string): StoredVersion => {
    const found = store.find(secret, version);
    if (found === undefined) throw new TypeError(`${secret}: no version ${version}`);
    return found;
  };
  const change =
    (state: VersionState) =>
    (secret: string, version = 'latest'): void => {
      store.setState(find(secret, version), state);
    };
  const close = async () => {
    ending.abort();
    ending = new AbortController();
    await listener.close();
  };

  return {
    projectId,
    port: listener.port,
    clientOptions: {
      // A certificate is for a name, as a rule.
      apiEndpoint: tls === undefined ? '127.0.0.1' : 'localhost',
      port: listener.port,
      sslCreds,
      authClient: new googleAuthLibrary.PassThroughClient(),
    },
    addVersion: add,
    disableVersion: change('DISABLED'),
    enableVersion: change('ENABLED'),
    destroyVersion: change('DESTROYED'),
    deleteSecret: store.delete,
    deny: (secret) => void denied.add(secret),
    allow: (secret) => void denied.delete(secret),
    fault(fault, { secret, times = Number.POSITIVE_INFINITY } = {}) {
      faults.add(fault, secret, times);
    },
    clearFaults: faults.clear,
    accesses: (secret) =>
      secret === undefined
        ? [...accessed.values()].reduce((sum, count) => sum + count, 0)
        : (accessed.get(secret) ?? 0),
    mostAccessesAtOnce: () => mostUnderWay,
    pause: close,
    resume: listener.open,
    stop: close,
  };
}

/** The definition that the real client itself is made of, with the real client's options. */
function loadService(): grpc.ServiceDefinition {
  const protos: object = require('@google-cloud/secret-manager/build/protos/protos.json');
  const path = ['google', 'cloud', 'secretmanager', 'v1', 'SecretManagerService'];
  const found = path.reduce<unknown>(
    (parent, name) => (parent as Record<string, unknown>)[name],
    new GrpcClient().loadProtoJSON(protos as never),
  );
  return (found as grpc.ServiceClientConstructor).service;
}

function toServerCredentials(tls: SecretManagerOptions['tls']): grpc.ServerCredentials {
  if (tls === undefined) return grpc.ServerCredentials.createInsecure();
  const pair = {
    private_key: Buffer.from(tls.privateKey),
    cert_chain: Buffer.from(tls.certificate),
  };
  return grpc.ServerCredentials.createSsl(null, [pair]);
}

/** With TLS, the client trusts whom it always trusts: the certificate has to earn it. */
function toChannelCredentials(tls: SecretManagerOptions['tls']): grpc.ChannelCredentials {
  return tls === undefined ? grpc.credentials.createInsecure() : grpc.credentials.createSsl();
}
