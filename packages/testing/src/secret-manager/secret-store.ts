/** Secrets and their versions, as the service keeps them. Knows nothing of gRPC. */

/** What may be done with a version. */
export type VersionState = 'ENABLED' | 'DISABLED' | 'DESTROYED';

/** One version of a secret. */
export interface StoredVersion {
  readonly secret: string;
  /** From 1. */
  readonly number: number;
  /** Empty once it is destroyed. */
  readonly data: Uint8Array;
  readonly state: VersionState;
}

/** The secrets of one project. */
export interface SecretStore {
  has(secret: string): boolean;
  /** Creates a secret without a version. */
  create(secret: string): void;
  /** Adds a version, which `latest` means from now on. Creates the secret when it is new. */
  add(secret: string, data: Uint8Array): StoredVersion;
  /** `version` is a number or `latest`: the newest, whatever its state. */
  find(secret: string, version: string): StoredVersion | undefined;
  /** Nothing happens to a version that is destroyed. */
  setState(version: StoredVersion, state: VersionState): StoredVersion;
  delete(secret: string): void;
}

/** Creates an empty store. */
export function createSecretStore(): SecretStore {
  const secrets = new Map<string, StoredVersion[]>();

  return {
    has: (secret) => secrets.has(secret),

    create(secret) {
      secrets.set(secret, []);
    },

    add(secret, data) {
      const versions = secrets.get(secret) ?? [];
      const added: StoredVersion = {
        secret,
        number: versions.length + 1,
        data: Uint8Array.from(data),
        state: 'ENABLED',
      };
      secrets.set(secret, [...versions, added]);
      return added;
    },

    find(secret, version) {
      const versions = secrets.get(secret);
      return version === 'latest'
        ? versions?.at(-1)
        : versions?.find(({ number }) => String(number) === version);
    },

    setState({ secret, number }, state) {
      const versions = secrets.get(secret) ?? [];
      const current = versions[number - 1];
      if (current === undefined) throw new TypeError(`${secret}: no version ${number}`);
      if (current.state === 'DESTROYED') return current;
      const changed: StoredVersion = {
        ...current,
        state,
        ...(state === 'DESTROYED' && { data: new Uint8Array() }),
      };
      secrets.set(secret, versions.with(number - 1, changed));
      return changed;
    },

    delete(secret) {
      secrets.delete(secret);
    },
  };
}
