/** The keys of a configuration: fetched, or at hand and then replaceable. */
import { ConfigError, type Secret } from '@sallyport/core';
import type {
  FetchedKeysOptions,
  HmacKeySource,
  KeyAtHand,
  PublicKeySource,
} from '@sallyport/verifier-jwt';
import type { JwtAuthentication, NetworkConfig, PreviousKey } from '../config.ts';
import type { VerifierContext } from './compose-verifier.ts';

type Library = typeof import('@sallyport/verifier-jwt');

/** Keys, and the way to put another one in force. */
export interface ComposedKeys {
  /** `undefined` where the preset knows them. */
  readonly source: PublicKeySource | HmacKeySource | undefined;
  /** @throws {ConfigError} When the key cannot be used: then everything stays as it is. */
  readonly replaceKey?: (key: Secret) => void;
}

/** @throws {ConfigError} When they cannot be used. */
export function composeKeys(
  library: Library,
  authentication: JwtAuthentication,
  context: VerifierContext,
): ComposedKeys {
  const { keys } = authentication;
  switch (keys.kind) {
    case 'jwks': {
      const options = fetchingOptions(authentication, context);
      return { source: library.remoteJwks({ url: keys.url, ...options }) };
    }
    case 'published':
    case 'discovered':
      return { source: undefined };
    case 'hmac':
      return atHand(library, keys, (key) => readSharedSecret(library, key));
    case 'public key':
      return atHand(library, keys, (key) => library.publicKey(withLines(key.reveal())));
  }
}

/** How keys are fetched, wherever they are. */
export function fetchingOptions(
  { jwksCacheTtlSeconds }: JwtAuthentication,
  { environment, network, onEvent }: VerifierContext,
): FetchedKeysOptions {
  return {
    environment,
    ...networkOptions(network),
    cacheTtlSeconds: jwksCacheTtlSeconds,
    onKeyEvent: onEvent,
  };
}

/** The options that every package has for the way to an authorization server. */
export function networkOptions({
  allowPrivateNetwork,
  proxyUrl,
}: NetworkConfig): Pick<FetchedKeysOptions, 'allowPrivateNetwork' | 'proxyUrl'> {
  return {
    ...(allowPrivateNetwork && { allowPrivateNetwork }),
    ...(proxyUrl !== undefined && { proxyUrl }),
  };
}

function atHand<Source extends KeyAtHand>(
  { rotating }: Library,
  { key: first, previous }: { readonly key: Secret; readonly previous?: PreviousKey },
  read: (key: Secret) => Source,
): ComposedKeys {
  const validSeconds = previous === undefined ? 0 : (previous.endsAt - Date.now()) / 1_000;
  const source = rotating({
    keys: read(first),
    ...(previous && validSeconds > 0 && { previous: { keys: read(previous.key), validSeconds } }),
  });
  return { source, replaceKey: (key) => source.replace(read(key)) };
}

function readSharedSecret({ hmacSecret }: Library, key: Secret): HmacKeySource {
  if (/^(https?|wss?|rediss?|postgres(ql)?):\/\//i.test(key.reveal())) {
    throw new ConfigError(
      'jwt.keys',
      'must be a shared secret, not a URL: an attacker who guesses it can sign tokens. Make a random one: openssl rand -base64 48',
    );
  }
  return hmacSecret(key);
}

/** Many a place that takes one line has them written as `\n`. */
function withLines(pem: string): string {
  return pem.includes('\n') ? pem : pem.replaceAll('\\n', '\n');
}
