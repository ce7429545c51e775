import { randomBytes } from 'node:crypto';
import {
  assertScopes,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  Secret,
} from '@sallyport/core';
import { isKey, makeKey } from './key/key-format.ts';
import { openKeySecret } from './key/key-secrets.ts';
import { type KeyRecord, type StoredKey, sealRecord } from './records/key-record.ts';
import { type ApiKeySummary, summariseKey } from './records/key-summary.ts';
import { type ApiKeyStore, storeCheck } from './stores/key-store.ts';

/** Options for {@link createApiKeyRegistry}. */
export interface ApiKeyRegistryOptions {
  /** The public URL of the MCP endpoint, exactly as for the verifier. */
  readonly resource: string;
  /** The secret of the verifier. */
  readonly secret: Secret;
  /** The secret before. Keys that were made with it are listed as usable. Default: none. */
  readonly previousSecret?: Secret;
  readonly store: ApiKeyStore;
  /** The time of day, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** What a new key may do, and for how long. */
export interface NewApiKey {
  /** Who the key stands for: `sub` of the principal, 1 to 200 characters. */
  readonly owner: string;
  /** The client that uses the key. Default: the owner. */
  readonly client?: string;
  /** Granted scopes. May be empty. */
  readonly scopes: readonly string[];
  /** How long the key is valid, in days: 1 to 366. Default 90. */
  readonly days?: number;
}

/** How a key is exchanged for another one. */
export interface ApiKeyRotation {
  /** How long the old key stays valid, in seconds: 0 to 2,592,000 (30 days). Default 86,400 (one day). */
  readonly overlapSeconds?: number;
  /** How long the new key is valid, in days: 1 to 366. Default 90. */
  readonly days?: number;
}

/** A new key. The store has no copy of it. */
export interface IssuedApiKey extends ApiKeySummary {
  /** The only copy. */
  readonly key: Secret;
}

/** Makes, lists and ends keys. All methods reject with `upstream_unavailable` when the store fails. */
export interface ApiKeyRegistry {
  /** @throws {ConfigError} When the owner, a scope or a time is out of its range. */
  create(key: NewApiKey): Promise<IssuedApiKey>;
  /** All keys of the store, the oldest first. */
  list(): Promise<readonly ApiKeySummary[]>;
  /** @returns Whether there is such a key. It is refused everywhere at most 5 seconds later. */
  revoke(id: string): Promise<boolean>;
  /**
   * Makes a key with owner, client and scopes of another one, which ends after an overlap.
   *
   * @returns `undefined` when there is no such key.
   * @throws {ConfigError} When the old key is no longer valid, or a time is out of its range.
   */
  rotate(id: string, rotation?: ApiKeyRotation): Promise<IssuedApiKey | undefined>;
  /** @returns The id of a key that was found. `undefined` if the store does not have it. */
  identify(key: string): Promise<string | undefined>;
}

const optionChecks: Checks<ApiKeyRegistryOptions> = {
  resource: check.text,
  secret: check.secret,
  previousSecret: check.optional(check.secret),
  store: storeCheck,
  now: check.optional(check.callback),
};

const keyChecks: Checks<NewApiKey> = {
  owner: check.text,
  client: check.optional(check.text),
  scopes: check.texts,
  days: check.optional(check.number),
};

const rotationChecks: Checks<ApiKeyRotation> = {
  overlapSeconds: check.optional(check.number),
  days: check.optional(check.number),
};

const secondsPerDay = 86_400;

/**
 * Creates what makes, lists, revokes and rotates the keys of a server. `sallyport keys` is a command for it.
 *
 * @throws {ConfigError} When an option cannot be used.
 */
export function createApiKeyRegistry(given: ApiKeyRegistryOptions): ApiKeyRegistry {
  const options = checkOptions('apiKey', given, optionChecks);
  const { resource, store, now = Date.now } = options;
  if (!URL.canParse(resource)) throw new ConfigError('apiKey.resource', 'must be an absolute URL');
  const secret = openKeySecret('apiKey.secret', options.secret);
  const secrets = [secret];
  if (options.previousSecret !== undefined) {
    secrets.push(openKeySecret('apiKey.previousSecret', options.previousSecret));
  }
  const nowSeconds = () => Math.floor(now() / 1_000);

  function issue(facts: Pick<KeyRecord, 'subject' | 'clientId' | 'scopes'>, days: number) {
    const key = new Secret(makeKey());
    const createdAt = nowSeconds();
    const record = sealRecord(
      {
        ...facts,
        id: randomBytes(6).toString('hex'),
        digest: secret.digestOf(key.reveal()),
        resource,
        createdAt,
        expiresAt: createdAt + days * secondsPerDay,
      },
      secret,
    );
    return { key, record };
  }

  const inUse = { resource, secrets };
  const summarise = (stored: StoredKey) => summariseKey(stored, inUse, nowSeconds());

  return {
    async create(wanted) {
      const { owner, client = owner, scopes, days = 90 } = checkOptions('key', wanted, keyChecks);
      assertName('key.owner', owner);
      assertName('key.client', client);
      assertScopes('key.scopes', scopes);
      assertDays('key.days', days);
      const { key, record } = issue({ subject: owner, clientId: client, scopes }, days);
      await store.add(record);
      return { ...summarise({ record }), key };
    },

    async list() {
      const keys = await store.list();
      return keys.map(summarise).sort((one, other) => one.createdAt - other.createdAt);
    },

    revoke: (id) => store.revoke(id, nowSeconds()),

    async rotate(id, wanted = {}) {
      const rotation = checkOptions('rotation', wanted, rotationChecks);
      const { overlapSeconds = secondsPerDay, days = 90 } = rotation;
      if (
        !(Number.isInteger(overlapSeconds) && overlapSeconds >= 0 && overlapSeconds <= 2_592_000)
      ) {
        throw new ConfigError(
          'rotation.overlapSeconds',
          'must be a whole number from 0 to 2592000',
        );
      }
      assertDays('rotation.days', days);
      const stored = (await store.list()).find(({ record }) => record.id === id);
      if (stored === undefined) return undefined;
      const { status } = summarise(stored);
      // A changed record would give its scopes to the next key.
      if (status !== 'active' && status !== 'ending') {
        throw new ConfigError('rotation', `the key ${id} is ${status}: make a new one`);
      }
      const { subject, clientId, scopes } = stored.record;
      const { key, record } = issue({ subject, clientId, scopes }, days);
      await store.add(record, { id, endsAt: record.createdAt + overlapSeconds });
      return { ...summarise({ record }), key };
    },

    async identify(key) {
      if (!isKey(key)) return undefined;
      for (const { digestOf } of secrets) {
        const stored = await store.find(digestOf(key));
        if (stored !== undefined && 'record' in stored) return stored.record.id;
      }
      return undefined;
    },
  };
}

function assertDays(option: string, days: number): void {
  if (!(Number.isInteger(days) && days >= 1 && days <= 366)) {
    throw new ConfigError(option, 'must be a whole number from 1 to 366');
  }
}

// Names go to logs and lists.
const namePattern = /^[^\p{C}\s](?:[^\p{C}]{0,198}[^\p{C}\s])?$/u;

function assertName(option: string, name: string): void {
  if (!namePattern.test(name)) {
    throw new ConfigError(option, 'must be 1 to 200 characters, without white space at its ends');
  }
}
