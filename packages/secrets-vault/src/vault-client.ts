/** Requests to one Vault, and to nothing else. */

import type { FaultyReading } from '@sallyport/cached-secrets';
import { ConfigError, type Environment, isAuthError, type Secret } from '@sallyport/core';
import {
  createGuardedFetch,
  findJsonFault,
  type GuardedFetch,
  type GuardedResponse,
  parseEndpoint,
} from '@sallyport/guarded-fetch';
import { assertPath } from './secret-name.ts';

/** Options for {@link createVaultClient}. */
export interface VaultClientOptions {
  readonly url: string;
  readonly environment: Environment;
  readonly namespace: string | undefined;
  readonly allowPrivateNetwork: boolean;
  /** For one request. */
  readonly timeoutMs: number;
}

interface VaultRequest {
  /** Below `/v1/`; its segments are safe, and not encoded. */
  readonly path: string;
  readonly version?: string;
  readonly token?: Secret;
  /** Makes it a POST. */
  readonly body?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Sends requests. */
export interface VaultClient {
  /** Never rejects: without an answer it is a fault. Bodies of 200 and 404 are read. */
  send(request: VaultRequest): Promise<GuardedResponse | FaultyReading>;
  close(): Promise<void>;
}

/** @throws {ConfigError} for a URL or a namespace that cannot be used. */
export function createVaultClient(options: VaultClientOptions): VaultClient {
  const { environment, namespace, allowPrivateNetwork, timeoutMs } = options;
  const policy = { allowLoopback: !environment.isProduction, allowPrivateNetwork };
  const base = parseEndpoint('vault.url', options.url, policy);
  if (options.url.includes('?')) throw new ConfigError('vault.url', 'must not have a query');
  if (namespace !== undefined) assertPath('vault.namespace', namespace);
  const root = `${base.origin}${base.pathname.replace(/\/+$/, '')}/v1/`;
  const endpoints = new Map<string, GuardedFetch>();

  function open(path: string, version = 'latest'): GuardedFetch {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const url = `${root}${encoded}${version === 'latest' ? '' : `?version=${version}`}`;
    const known = endpoints.get(url);
    if (known !== undefined) return known;
    const endpoint = createGuardedFetch({
      url,
      environment,
      timeoutSeconds: timeoutMs / 1_000,
      allowPrivateNetwork,
      // A missing secret, a deleted one and the 404 of another server are told apart.
      readStatuses: [404],
      option: 'vault.url',
    });
    endpoints.set(url, endpoint);
    return endpoint;
  }

  return {
    async send({ path, version, token, body, signal }) {
      const headers = {
        // An agent in between may insist on it, since no browser can be made to send it.
        'X-Vault-Request': 'true',
        ...(namespace !== undefined && { 'X-Vault-Namespace': namespace }),
        ...(token !== undefined && { 'X-Vault-Token': token.reveal() }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      };
      try {
        signal.throwIfAborted();
        const response = await open(path, version).request({
          headers,
          signal,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const { text, json } = response;
        const fault = text === undefined ? undefined : findJsonFault(text, json);
        return fault === undefined ? response : { fault: 'unexpected_answer', detail: fault };
      } catch (error) {
        return toUnavailable(error);
      }
    },

    async close() {
      await Promise.all([...endpoints.values()].map((endpoint) => endpoint.close()));
    },
  };
}

// Without its cause: a client's error may hold the request, and that the token.
function toUnavailable(error: unknown): FaultyReading {
  const detail = (isAuthError(error) && error.detail) || 'no connection';
  const remedy = detail.includes('a private address') ? '; allowPrivateNetwork allows that' : '';
  return { fault: 'unavailable', detail: `${detail}${remedy}` };
}
