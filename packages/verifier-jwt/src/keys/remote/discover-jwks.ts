import { AuthError, type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import type { GuardedFetch } from '@sallyport/guarded-fetch';
import { explainIssuer } from '../../token/explain-mismatch.ts';
import { readKeySet } from '../key-set.ts';
import type { PublicKeySource } from '../key-source.ts';
import { type FetchedKeysOptions, fetchedKeysChecks } from './fetched-keys-options.ts';
import { createJwksCache } from './jwks-cache.ts';
import { getDocument, openJwks, readBounds } from './remote-jwks.ts';

/** Options for {@link discoverJwks}. */
export interface DiscoverJwksOptions extends FetchedKeysOptions {
  /** The issuer, exactly as its tokens have it. An https URL. */
  readonly issuer: string;
  /**
   * Origins besides the issuer's own, such as `https://keys.example.com`, on which its metadata may
   * name the keys. Default none.
   */
  readonly jwksOrigins?: readonly string[];
}

const optionChecks: Checks<DiscoverJwksOptions> = {
  ...fetchedKeysChecks,
  issuer: check.text,
  jwksOrigins: check.optional(check.texts),
};

/**
 * Public keys whose address the issuer's metadata gives: OpenID Connect Discovery §4, or RFC 8414
 * §3 under either name. The metadata is fetched anew with the keys.
 *
 * The metadata must name the very issuer it was asked for (RFC 8414 §3.3), and keys on the issuer's
 * own origin or one of those allowed.
 *
 * @throws {ConfigError} When the issuer must not be asked, or a number is out of range.
 */
export function discoverJwks(given: DiscoverJwksOptions): PublicKeySource {
  const options = checkOptions('jwt.keys', given, optionChecks);
  const { issuer, timeoutMs = 5_000, jwksOrigins = [] } = options;
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

  /** The address is the issuer's word and not configuration: a bad one is an outage. */
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
    throw new ConfigError('jwt.keys.issuer', 'must not hold credentials');
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
