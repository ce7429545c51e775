import type { FaultyReading } from '@sallyport/cached-secrets';
import {
  ConfigError,
  check,
  checkArgument,
  type Secret,
  type SecretContext,
} from '@sallyport/core';
import type { VaultAuthentication, VaultSession } from './authentication.ts';
import { readTokenFile } from './token-file.ts';
import { readSecretToken } from './token-text.ts';

/** Finds a token whenever one is needed, for example in the file that a Vault Agent writes. */
export type FindVaultToken = (context: SecretContext) => Secret | Promise<Secret>;

/**
 * Authenticates with a token of the caller, who also renews it: a token that ends is an outage,
 * unless a function finds the next.
 *
 * @param source The token, or a function that is asked before every reading.
 * @throws {ConfigError} for a token that cannot be one.
 */
export function vaultToken(source: Secret | FindVaultToken): VaultAuthentication {
  checkArgument('vault.authentication', source, sourceCheck);
  if (typeof source === 'function') return { open: () => createFoundToken(source) };
  const token = readSecretToken(source);
  if (token === undefined) {
    throw new ConfigError('vault.authentication', 'must be a token in a Secret, or a function');
  }
  return { open: () => ({ findToken: async () => token, renounce: () => {} }) };
}

/**
 * Authenticates with the token in a file, such as the sink of a Vault Agent. The file is read before
 * every reading, so a token that the agent renewed is used at once.
 *
 * It does not renew the token. While the file is missing or empty, no secret can be read.
 *
 * @param path An absolute path.
 * @throws {ConfigError} When the path is not absolute.
 */
export function vaultTokenFile(path: string): VaultAuthentication {
  checkArgument('vault.authentication.path', path, check.text);
  if (!path.startsWith('/')) {
    throw new ConfigError('vault.authentication.path', 'must be an absolute path');
  }
  return { open: () => ({ findToken: () => readTokenFile(path), renounce: () => {} }) };
}

const sourceCheck = check.either(
  'must be a token in a Secret, or a function',
  check.callback,
  check.secret,
);

function createFoundToken(find: FindVaultToken): VaultSession {
  return {
    async findToken(signal) {
      try {
        const found: unknown = await find({ signal });
        return readSecretToken(found) ?? unusable;
      } catch (error) {
        // Only a code, such as ENOENT: the message is not ours, and may hold what it is about.
        const { code } = Object(error) as { readonly code?: unknown };
        const reason = typeof code === 'string' && /^[A-Z_]{1,32}$/.test(code) ? code : 'it failed';
        return { fault: 'credentials_missing', detail: `no token was found: ${reason}` };
      }
    },

    renounce() {},
  };
}

const unusable: FaultyReading = {
  fault: 'credentials_missing',
  detail: 'no token was found: it is no Secret, or nothing that a header can carry',
};
