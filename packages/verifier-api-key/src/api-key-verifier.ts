import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  createReporter,
  isAuthError,
  type Secret,
  type TokenVerifier,
} from '@sallyport/core';
import type { ApiKeyEvent } from './api-key-event.ts';
import { chooseByForm } from './choose-by-form.ts';
import { isKey, looksLikeKey } from './key/key-format.ts';
import { isSameText, openKeySecret } from './key/key-secrets.ts';
import { type JudgedKey, judgeKey, principalOf } from './records/judge-key.ts';
import { createKnownKeys } from './records/known-keys.ts';
import { recordUse } from './records/record-use.ts';
import type { ApiKeyStore } from './stores/key-store.ts';
import { storeCheck } from './stores/key-store.ts';

/** Options for {@link createApiKeyVerifier}. */
export interface ApiKeyVerifierOptions {
  /** The public URL of the MCP endpoint. Keys of other resources are refused. */
  readonly resource: string;
  /**
   * Makes the digests of keys: at least 32 random bytes, the same on every instance. Whoever has the store
   * but not this secret can neither use nor change a key.
   */
  readonly secret: Secret;
  /** The secret before. Keys that were made with it stay valid. Default: none. */
  readonly previousSecret?: Secret;
  /** Where the records of keys are: `createFileKeyStore` or `createRedisKeyStore`. Closed with the verifier. */
  readonly store: ApiKeyStore;
  /** The number of keys that are remembered: 1 to 1,000,000. Default 10,000. */
  readonly maximumKeys?: number;
  /** Receives events for the operator. An error that it throws is ignored. Default: none. */
  readonly onEvent?: (event: ApiKeyEvent) => void;
  /** Clock for durations, in milliseconds from any start. Default `performance.now`. */
  readonly monotonicNow?: () => number;
}

/** A verifier of API keys. */
export interface ApiKeyVerifier extends TokenVerifier {
  /** For the setting `credentialField` of a gate: keys may also come in `X-API-Key`. */
  readonly credentialField: { readonly field: 'x-api-key'; readonly authorization: 'either' };
  /**
   * Returns a verifier of both: keys go to this one, all other tokens to the other one. The prefix decides. A
   * token that one of them refuses is not passed to the other.
   *
   * @throws {ConfigError} When the argument is not a verifier.
   */
  beside(others: TokenVerifier): TokenVerifier;
  /**
   * Makes another secret the current one. The one that was current becomes the previous one.
   *
   * @throws {ConfigError} When it is too short: then everything stays as it is.
   */
  replaceSecret(next: Secret): void;
}

const optionChecks: Checks<ApiKeyVerifierOptions> = {
  resource: check.text,
  secret: check.secret,
  previousSecret: check.optional(check.secret),
  store: storeCheck,
  maximumKeys: check.optional(check.number),
  onEvent: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

/**
 * Creates a verifier of API keys, which `createApiKeyRegistry` makes. It checks form and checksum, the record
 * in the store, its seal and resource, revocation and expiry.
 *
 * A revoked key is refused at most 5 seconds later on every instance. While the store is away, a key is accepted
 * only if the store confirmed it in the last 4 seconds; all other keys get `upstream_unavailable`.
 *
 * @throws {ConfigError} When an option is missing or out of range.
 */
export function createApiKeyVerifier(given: ApiKeyVerifierOptions): ApiKeyVerifier {
  const options = checkOptions('apiKey', given, optionChecks);
  const { resource, store, maximumKeys = 10_000 } = options;
  const { monotonicNow = () => performance.now() } = options;
  if (!URL.canParse(resource)) throw new ConfigError('apiKey.resource', 'must be an absolute URL');
  if (!Number.isInteger(maximumKeys) || !(maximumKeys >= 1 && maximumKeys <= 1_000_000)) {
    throw new ConfigError('apiKey.maximumKeys', 'must be a whole number from 1 to 1000000');
  }
  let secrets = [openKeySecret('apiKey.secret', options.secret)];
  if (options.previousSecret !== undefined) {
    secrets.push(openKeySecret('apiKey.previousSecret', options.previousSecret));
  }
  const report = createReporter<ApiKeyEvent>(options.onEvent);
  const known = createKnownKeys<JudgedKey>({
    async ask(digest) {
      const stored = await store.find(digest);
      if (stored === undefined) return undefined;
      if ('record' in stored && !isSameText(stored.record.digest, digest)) return undefined;
      const judged = secrets.map((secret) => judgeKey(stored, secret, resource));
      const key = judged.find(({ changed }) => changed === undefined) ?? judged[0];
      if (key?.changed !== undefined) {
        report({ type: 'api_key_record_changed', store: store.name, id: key.changed });
      }
      return key;
    },
    isFinal: (key) => key.isFinal === true,
    maximumKeys,
    monotonicNow,
    onOutage: (error) =>
      report({ type: 'api_keys_unavailable', store: store.name, detail: detailOf(error) }),
    onRecovery: (outageMs) =>
      report({
        type: 'api_keys_available',
        store: store.name,
        outageSeconds: Math.ceil(outageMs / 1_000),
      }),
  });
  const noteUse = recordUse(store, maximumKeys, report);

  /** The first secret that a record was made with decides. */
  async function find(token: string, mayAsk: boolean): Promise<JudgedKey | undefined> {
    for (const { digestOf } of secrets) {
      const key = await known.find(digestOf(token), { mayAsk });
      if (key !== undefined) return key;
    }
    return undefined;
  }

  const verifier: ApiKeyVerifier = {
    name: 'api-key',
    credentialField: Object.freeze({ field: 'x-api-key', authorization: 'either' }),

    async verify(token, { nowSeconds, allowRemote }) {
      if (!isKey(token)) throw new AuthError('token_malformed', { detail: describeNonKey(token) });
      const key = await find(token, allowRemote || store.isLocal);
      if (key === undefined) {
        throw new AuthError('token_inactive', {
          detail: 'API key: no record; it was never made, removed, or made with another secret',
        });
      }
      const principal = principalOf(key, nowSeconds);
      if (key.refusal === undefined) noteUse(key.id, nowSeconds);
      return principal;
    },

    async prepare() {
      // No key has this digest. What goes wrong is an event.
      await known.find('prepare', { mayAsk: true }).catch(() => {});
    },

    readings: known.readings,

    beside: (others) => chooseByForm(verifier, others),

    replaceSecret(next) {
      const current = openKeySecret('apiKey.secret', next);
      secrets = [current, ...secrets.slice(0, 1)];
    },

    async close() {
      await store.close?.();
    },
  };
  return verifier;
}

function describeNonKey(token: string): string {
  return looksLikeKey(token)
    ? 'API key: its length, characters or checksum are wrong; was it copied completely?'
    : 'API key: not one of this server, which begin with sallyport_';
}

function detailOf(error: unknown): string {
  return (isAuthError(error) ? error.detail : undefined) ?? 'the store failed';
}
