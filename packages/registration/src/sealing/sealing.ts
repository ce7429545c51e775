/**
 * Values that leave this server and come back: encrypted and authenticated (RFC 7516, `dir` with A256GCM), for one
 * purpose, until they expire. The server stores nothing itself.
 */
import type { Secret } from '@sallyport/core';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { bytesOf } from './sealing-key.ts';

/** What a value is for. A value of one purpose never opens as another. */
type Purpose = 'client' | 'consent' | 'state' | 'code' | 'refresh';

/** Seals values and opens them. */
export interface Sealing {
  /** @param lifeSeconds After this time the value no longer opens. */
  seal(purpose: Purpose, value: object, lifeSeconds: number): Promise<string>;
  /** Returns the value, or `undefined` when it is altered, expired, of another purpose, server or key. */
  open<Value extends object>(purpose: Purpose, text: string): Promise<Value | undefined>;
  /** Whether this server sealed a text for that purpose, also when it has expired. */
  hasSealed(purpose: Purpose, text: string): Promise<boolean>;
}

interface Envelope {
  readonly purpose: Purpose;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly value: unknown;
}

const header = { alg: 'dir', enc: 'A256GCM' } as const;
const allowed = {
  keyManagementAlgorithms: [header.alg],
  contentEncryptionAlgorithms: [header.enc],
};
const form = /^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
// Longer than any value that this server seals.
const longest = 24_576;

/** What the values are sealed with. */
export interface SealingParts {
  /** The current secret first. */
  readonly keys: () => readonly Secret[];
  /** Values of another server with the same secret do not open here. */
  readonly issuer: string;
  /** Clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

export function createSealing({ keys, issuer, now }: SealingParts): Sealing {
  const derived = new WeakMap<Secret, Map<Purpose, Promise<Uint8Array>>>();

  function keyFor(secret: Secret, purpose: Purpose): Promise<Uint8Array> {
    const known = derived.get(secret) ?? new Map<Purpose, Promise<Uint8Array>>();
    derived.set(secret, known);
    const key = known.get(purpose) ?? deriveKey(secret, JSON.stringify([purpose, issuer]));
    known.set(purpose, key);
    return key;
  }

  async function read(purpose: Purpose, text: string): Promise<Envelope | undefined> {
    if (text.length > longest || !form.test(text)) return undefined;
    for (const secret of keys()) {
      const envelope = await decrypt(text, await keyFor(secret, purpose));
      if (envelope !== undefined) return envelope.purpose === purpose ? envelope : undefined;
    }
    return undefined;
  }

  return {
    async seal(purpose, value, lifeSeconds) {
      const [current] = keys();
      if (current === undefined) throw new TypeError('there is no secret to seal with');
      const envelope: Envelope = { purpose, expiresAt: secondsOf(now) + lifeSeconds, value };
      const bytes = new TextEncoder().encode(JSON.stringify(envelope));
      const key = await keyFor(current, purpose);
      return new CompactEncrypt(bytes).setProtectedHeader(header).encrypt(key);
    },

    async open<Value extends object>(purpose: Purpose, text: string) {
      const envelope = await read(purpose, text);
      const isGood = envelope !== undefined && secondsOf(now) < envelope.expiresAt;
      return isGood ? (envelope.value as Value) : undefined;
    },

    hasSealed: async (purpose, text) => (await read(purpose, text)) !== undefined,
  };
}

async function decrypt(text: string, key: Uint8Array): Promise<Envelope | undefined> {
  try {
    const { plaintext } = await compactDecrypt(text, key, allowed);
    return JSON.parse(new TextDecoder().decode(plaintext)) as Envelope;
  } catch {
    // Of another key, or altered. Nothing that did not authenticate is ever read.
    return undefined;
  }
}

/** HKDF (RFC 5869): one key for each purpose and server. */
async function deriveKey(secret: Secret, context: string): Promise<Uint8Array> {
  const base = await crypto.subtle.importKey('raw', bytesOf(secret), 'HKDF', false, ['deriveBits']);
  const info = new TextEncoder().encode(`sallyport registration 1 ${context}`);
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    base,
    256,
  );
  return new Uint8Array(bits);
}

function secondsOf(now: () => number): number {
  return Math.floor(now() / 1_000);
}
