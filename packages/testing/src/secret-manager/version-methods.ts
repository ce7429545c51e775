/** The methods that change secrets and their versions, as `gcloud` uses them. */
import type { UnaryMethod } from './grpc-listener.ts';
import { refuse, refuseAbsentSecret, refuseAbsentVersion, refuseName } from './refusals.ts';
import { parseSecretName, parseVersionName } from './resource-names.ts';
import type { SecretStore, StoredVersion, VersionState } from './secret-store.ts';

/** What the methods work on. */
export interface VersionMethodsOptions {
  readonly store: SecretStore;
  readonly projectNumber: string;
}

interface CreateRequest {
  readonly parent: string;
  readonly secretId: string;
}

interface AddRequest {
  readonly parent: string;
  readonly payload: { readonly data: Uint8Array } | null;
}

interface VersionRequest {
  readonly name: string;
}

const longestPayload = 65_536;

/** The methods by the names that the service definition gives them. */
export function createVersionMethods(
  options: VersionMethodsOptions,
): Readonly<Record<string, UnaryMethod>> {
  const { store, projectNumber } = options;
  const nameOf = (secret: string) => `projects/${projectNumber}/secrets/${secret}`;
  const describe = ({ secret, number, state }: StoredVersion) => ({
    answer: { name: `${nameOf(secret)}/versions/${number}`, state },
  });

  const withVersion =
    (use: (version: StoredVersion) => StoredVersion) =>
    async ({ name }: VersionRequest) => {
      const asked = parseVersionName(name);
      if (asked === undefined) return { refusal: refuseName(name) };
      const found = store.find(asked.secret, asked.version);
      return found === undefined
        ? { refusal: refuseAbsentVersion(`${nameOf(asked.secret)}/versions/${asked.version}`) }
        : describe(use(found));
    };
  const change = (state: VersionState) => withVersion((found) => store.setState(found, state));

  return {
    async createSecret({ parent, secretId }: CreateRequest) {
      const name = `${parent}/secrets/${secretId}`;
      if (parseSecretName(name) === undefined) return { refusal: refuseName(name) };
      if (store.has(secretId)) {
        return { refusal: refuse('ALREADY_EXISTS', `Secret [${name}] already exists.`) };
      }
      store.create(secretId);
      return { answer: { name: nameOf(secretId) } };
    },

    async addSecretVersion({ parent, payload }: AddRequest) {
      const asked = parseSecretName(parent);
      if (asked === undefined) return { refusal: refuseName(parent) };
      if (!store.has(asked.secret)) return { refusal: refuseAbsentSecret(nameOf(asked.secret)) };
      const data = payload?.data ?? new Uint8Array();
      if (data.length === 0 || data.length > longestPayload) {
        return { refusal: refuse('INVALID_ARGUMENT', 'The payload must have 1 to 65536 bytes.') };
      }
      return describe(store.add(asked.secret, data));
    },

    getSecretVersion: withVersion((found) => found),
    disableSecretVersion: change('DISABLED'),
    enableSecretVersion: change('ENABLED'),
    destroySecretVersion: change('DESTROYED'),
  };
}
