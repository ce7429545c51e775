/** The keys that seal values, and the keys that still open them. */
import { type Check, ConfigError, check, type Environment, Secret } from '@sallyport/core';

/** One secret, or the current and the previous one. New values are sealed with the first. */
type SealingSecrets = Secret | readonly [current: Secret, previous: Secret];

/**
 * The secret that seals client ids, states, codes and refresh tokens. A function is asked for each value, for secrets
 * that change while the server runs.
 */
export type SealingKeySource = SealingSecrets | (() => SealingSecrets);

const option = 'signIn.sealingKey';
const leastBytes = 32;

const secrets = check.either(
  'must be a Secret, or an array of the current and the previous one',
  check.secret,
  check.listOf(check.secret),
);

export const sealingKeyCheck: Check = check.either(
  'must be a Secret, an array of the current and the previous one, or a function that returns them',
  check.callback,
  secrets,
);

/**
 * Returns the secrets in force, the current one first.
 *
 * @throws {ConfigError} When production has no secret, or a secret is too short.
 */
export function readSealingKeys(
  source: SealingKeySource | undefined,
  { isProduction }: Environment,
): () => readonly Secret[] {
  if (source === undefined) {
    if (isProduction) {
      throw new ConfigError(
        option,
        'is missing: without it, every restart and every other instance signs all clients out. Set it to a Secret of 32 random bytes or more, such as the output of openssl rand -base64 48',
      );
    }
    let random: readonly Secret[] | undefined;
    // Workers refuse random bytes before the first request.
    return () => {
      random ??= [new Secret(randomText())];
      return random;
    };
  }
  const read = () => listSecrets(typeof source === 'function' ? source() : source);
  const found = read();
  if (found.length === 0) throw new ConfigError(option, 'must have a secret');
  for (const secret of found) assertLong(secret);
  return () => read().filter(isLong);
}

function listSecrets(given: SealingSecrets): readonly Secret[] {
  const list = secrets.read(given, option) as SealingSecrets;
  return Array.isArray(list) ? (list as readonly Secret[]) : [list as Secret];
}

/** The bytes of a secret. A line break at the end, as files have it, does not count. */
export function bytesOf(secret: Secret): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(secret.reveal().trim());
}

function isLong(secret: Secret): boolean {
  return bytesOf(secret).length >= leastBytes;
}

function assertLong(secret: Secret): void {
  if (isLong(secret)) return;
  throw new ConfigError(
    option,
    `must be at least ${leastBytes} bytes. Make a random one: openssl rand -base64 48`,
  );
}

function randomText(): string {
  return String.fromCharCode(...crypto.getRandomValues(new Uint8Array(48)));
}
