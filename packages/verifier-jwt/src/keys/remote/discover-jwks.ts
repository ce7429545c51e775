import { AuthError, type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import type { GuardedFetch } from '@sallyport/guarded-fetch';
import { explainIssuer } from '../../token/explain-mismatch.ts';
import { readKeySet } from '../key-set.ts';
import type { PublicKeySource } from '../key-source.ts';
import { type FetchedKeysOptions, fetchedKeysChecks } from './fetched-keys-options.ts';
import { createJwksCache } from './jwks-cache.ts';
import { getDocument, openJwks, readBounds, readTimeoutMs } from './remote-jwks.ts';

/** Options for {@link discoverJwks}. */
export interface DiscoverJwksOptions extends FetchedKeysOptions {
  /** The issuer, exactly as in its tokens. An https URL. */
  readonly issuer: string;
  /**
   * Other origins on which the metadata may place the keys, such as `https://keys.example.com`. The
   * origin of the issuer is always allowed. Default none.
   */
  readonly jwksOrigins?: readonly string[];
}

const optionChecks: Checks<DiscoverJwksOptions> = {
  ...fetchedKeysChecks,
  issuer: check.text,
  jwksOrigins: check.optional(check.texts),
};

/**
 * Creates a key source that reads the address of the keys from the metadata of the issuer (OpenID
 * Connect Discovery §4, RFC 8414 §3). It fetches the metadata again with every fetch of the keys.
 *
 * The metadata must name exactly this issuer (RFC 8414 §3.3). The keys must be on the origin of the
 * issuer or on one of `jwksOrigins`.
 *
 * @throws {ConfigError} When the address is not allowed, or a number is out of range.
 */
export function discoverJwks(given: DiscoverJwksOptions): PublicKeySource {
  const options = checkOptions('jwt.keys', given, optionChecks);
  const { issuer, jwksOrigins = [] } = options;
  const timeoutMs = readTimeoutMs(options);
  const bounds = readBounds(options);
  const addresses = metadataAddresses(issuer);
  const origins: ReadonlySet<string> = new Set([
    new URL(issuer).origin,
    ...jwksOrigins.map(readOrigin),
  ]);
  const clients = addresses.map((url) => openJwks(url, options, 'jwt.keys.issuer'));
  let announced: { readonly url: string; readonly client: GuardedFetch } | undefined;

  async function discover(signal: AbortSignal): Promise<GuardedFetch> {
    const url = readJwksUri(await firstDocument(clients, signal), issuer, origins);
    if (announced?.url !== url) {
      const client = openAnnounced(url);
      await announced?.client.close();
      announced = { url, client };
    }
    return announced.client;
  }

  /** The address comes from the issuer, not from the configuration. So a bad one is an outage. */
  function openAnnounced(url: string): GuardedFetch {
    try {
      return openJwks(url, options, 'jwks_uri');
    } catch (cause) {
      throw unusable('jwks_uri must not be asked', cause);
    }
  }

  return {
    kind: 'jwks',
    url: addresses[0],
    open: (algorithms) =>
      createJwksCache({
        ...bounds,
        load: async (closed, previous) => {
          // One limit for the metadata and the keys together.
          const deadline = AbortSignal.timeout(timeoutMs);
          const signal = AbortSignal.any([closed, deadline]);
          try {
            const document = await getDocument(await discover(signal), signal);
            return readKeySet(document, algorithms, previous);
          } catch (error) {
            throw deadline.aborted ? unusable(`no answer within ${timeoutMs} ms`, error) : error;
          }
        },
        close: async () => {
          await Promise.all([...clients, announced?.client].map((client) => client?.close()));
        },
      }),
  };
}

/** OpenID Connect appends its path to the issuer's; RFC 8414 §3.1 inserts its own before it. */
function metadataAddresses(issuer: string): readonly [string, ...string[]] {
  if (!URL.canParse(issuer) || /[?#\s]/.test(issuer)) {
    throw new ConfigError('jwt.keys.issuer', 'must be a URL without query and fragment');
  }
  const { origin, pathname, username, password } = new URL(issuer);
  if (username !== '' || password !== '') {
    throw new ConfigError('jwt.keys.issuer', 'must not contain credentials');
  }
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
    ...(path === '' ? [] : [`${origin}/.well-known/openid-configuration${path}`]),
  ];
}

function readOrigin(text: string): string {
  if (URL.canParse(text) && new URL(text).origin === text && text !== 'null') return text;
  throw new ConfigError(
    'jwt.keys.jwksOrigins',
    'must be origins, such as https://keys.example.com',
  );
}

async function firstDocument(
  clients: readonly GuardedFetch[],
  signal: AbortSignal,
): Promise<unknown> {
  let failure: unknown;
  for (const client of clients) {
    try {
      return await getDocument(client, signal);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function readJwksUri(metadata: unknown, issuer: string, origins: ReadonlySet<string>): string {
  const { issuer: announced, jwks_uri: url } = (metadata ?? {}) as Record<string, unknown>;
  // Without this, one server's metadata could stand in for another's (mix-up).
  if (announced !== issuer) {
    throw unusable(`the metadata names another issuer: ${explainIssuer(announced, [issuer])}`);
  }
  if (typeof url !== 'string' || !URL.canParse(url)) throw unusable('no jwks_uri in the metadata');
  if (!origins.has(new URL(url).origin)) throw unusable('jwks_uri on another origin');
  return url;
}

function unusable(detail: string, cause?: unknown): AuthError {
  return new AuthError('upstream_unavailable', { detail, cause });
}
