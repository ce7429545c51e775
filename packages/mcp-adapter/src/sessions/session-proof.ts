/** Verifies the owner of a session from the session id alone. What it remembers of ids only saves time. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ConfigError, type Principal, type Secret } from '@sallyport/core';

/** The owner of a session. A refreshed token has the same owner. */
export type SessionOwner = Pick<Principal, 'issuer' | 'subject' | 'clientId'>;

/** Makes and verifies session ids that name their owner. */
export interface SessionProof {
  /** The id for the client: the server's own id, and a MAC over it and its owner. */
  prove(serverId: string, owner: SessionOwner): string;
  /** The server's own id, if the MAC is that of this owner; otherwise `undefined`. */
  verify(provenId: string, owner: SessionOwner): string | undefined;
  /**
   * Activates another secret at once. Ids of the previous secret stay valid for 10 minutes.
   *
   * @throws {ConfigError} When the secret is too short. The previous secret then stays active.
   */
  replaceSecret(next: Secret): void;
}

const purpose = 'session id 1';
const separator = '.s1.';
// 128 bits in base64url.
const macLength = 22;
const form = new RegExp(`\\.s1\\.[A-Za-z0-9_-]{${macLength}}$`);
const macBytes = 16;
const leastSecretBytes = 32;
const graceMs = 600_000;
const maximumVerified = 1_000;

/** Whether a text looks like an id that {@link SessionProof.prove} made, with any secret. */
export function isProvenForm(text: string): boolean {
  return form.test(text);
}

/**
 * @param secret Shared by all instances. `undefined`: random bytes, for this process alone.
 * @param now Clock, in milliseconds.
 * @throws {ConfigError} When the secret has fewer than 32 bytes.
 */
export function createSessionProof(secret: Secret | undefined, now: () => number): SessionProof {
  let current = secret === undefined ? undefined : readKey(secret);
  // A client sends its id with each request. Only MACs of the current key that a client has sent.
  const verified = new Map<string, string>();
  let previous: { readonly key: Uint8Array; readonly until: number } | undefined;

  // Workers refuse random bytes before the first request, so they are made when they are needed.
  function currentKey(): Uint8Array {
    current ??= crypto.getRandomValues(new Uint8Array(leastSecretBytes));
    return current;
  }

  function keysInForce(): readonly Uint8Array[] {
    if (previous !== undefined && now() >= previous.until) previous = undefined;
    return previous === undefined ? [currentKey()] : [currentKey(), previous.key];
  }

  return {
    prove(serverId, owner) {
      return serverId + separator + macOf(currentKey(), encodeOwnership(serverId, owner));
    },

    verify(provenId, owner) {
      if (!isProvenForm(provenId)) return undefined;
      const given = provenId.slice(-macLength);
      const serverId = provenId.slice(0, -macLength - separator.length);
      const text = encodeOwnership(serverId, owner);
      if (isSame(verified.get(text) ?? '', given)) return serverId;
      const key = keysInForce().find((known) => isSame(macOf(known, text), given));
      if (key === undefined) return undefined;
      if (verified.size === maximumVerified) verified.clear();
      if (key === current) verified.set(text, given);
      return serverId;
    },

    replaceSecret(next) {
      const key = readKey(next);
      const before = currentKey();
      if (isSame(toText(key), toText(before))) return;
      previous = { key: before, until: now() + graceMs };
      current = key;
      verified.clear();
    },
  };
}

/** JSON with every name in quotation marks: two different owners or ids never give the same text. */
export function encodeOwnership(serverId: string, owner: SessionOwner): string {
  return JSON.stringify([purpose, owner.issuer, owner.subject, owner.clientId, serverId]);
}

function macOf(key: Uint8Array, text: string): string {
  return toText(hmac(sha256, key, new TextEncoder().encode(text)).subarray(0, macBytes));
}

function toText(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Takes the same time wherever two texts of the same length differ. */
function isSame(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let index = 0; index < left.length; index += 1) {
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  }
  return difference === 0;
}

function readKey(secret: Secret): Uint8Array {
  // Asked and not `instanceof`: a second installed copy of core has another class.
  const isSecret = typeof secret?.reveal === 'function';
  if (!isSecret) throw new ConfigError('gate.sessionSecret', 'must be a Secret');
  const key = new TextEncoder().encode(secret.reveal().trim());
  if (key.length >= leastSecretBytes) return key;
  throw new ConfigError(
    'gate.sessionSecret',
    `must be at least ${leastSecretBytes} bytes. Make a random one: openssl rand -base64 48`,
  );
}
