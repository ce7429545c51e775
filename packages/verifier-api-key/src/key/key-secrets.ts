/** What the secret of the server is used for: to find a key, and to detect a changed record. */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { ConfigError, type Secret } from '@sallyport/core';

/** One secret, ready for use. */
export interface KeySecret {
  /** Under which a store keeps the record of a key: 43 characters of base64url. */
  digestOf(key: string): string;
  /** Authenticates the parts of a record that decide what the key may do. */
  sealOf(parts: readonly unknown[]): string;
}

const leastBytes = 32;

/** @throws {ConfigError} When it is not a Secret, or too short. */
export function openKeySecret(option: string, secret: Secret): KeySecret {
  const bytes = Buffer.from(secret.reveal().trim());
  if (bytes.length < leastBytes) {
    throw new ConfigError(
      option,
      `must be at least ${leastBytes} bytes. Make a random one: openssl rand -base64 48`,
    );
  }
  const key = createSecretKey(bytes);
  return {
    digestOf: (text) => authenticate(key, `sallyport api key\n${text}`),
    sealOf: (parts) => authenticate(key, `sallyport api key record\n${JSON.stringify(parts)}`),
  };
}

function authenticate(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Compares in a time that does not depend on where the texts differ. */
export function isSameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
