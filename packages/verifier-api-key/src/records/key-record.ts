/** What is kept of a key. Nothing of the key itself is in it. */
import { isSameText, type KeySecret } from '../key/key-secrets.ts';

/** What is fixed when a key is made. */
export interface KeyRecord {
  /** Names the key to people, in lists and logs. Not secret. */
  readonly id: string;
  /** HMAC-SHA-256 of the key under the secret of the server. */
  readonly digest: string;
  /** HMAC-SHA-256 of all other members under the same secret. */
  readonly seal: string;
  /** The server that the key is for. */
  readonly resource: string;
  /** Who the key stands for. */
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly createdAt: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** A record, and what became of the key. */
export interface StoredKey {
  readonly record: KeyRecord;
  /** When the key was revoked, in seconds since the epoch. A revoked key is refused whatever the clock says. */
  readonly revokedAt?: number;
  /** When a key that was rotated ends, in seconds since the epoch. */
  readonly endsAt?: number;
  /** The last day on which the key was used, such as `2026-11-27` (UTC). */
  readonly usedOn?: string;
}

/** The members of a record that decide what its key may do. */
export type KeyFacts = Omit<KeyRecord, 'seal'>;

/** Adds the seal to a record. */
export function sealRecord(facts: KeyFacts, secret: KeySecret): KeyRecord {
  return { ...facts, seal: secret.sealOf(partsOf(facts)) };
}

/** Whether exactly this record was made with the secret. */
export function isSealed(record: KeyRecord, secret: KeySecret): boolean {
  return isSameText(record.seal, secret.sealOf(partsOf(record)));
}

function partsOf(facts: KeyFacts): readonly unknown[] {
  const { id, digest, resource, subject, clientId, scopes, createdAt, expiresAt } = facts;
  return [id, digest, resource, subject, clientId, scopes, createdAt, expiresAt];
}

/** When a key ends that is not revoked: after a rotation earlier than it expires. Never later. */
export function endOf({ record, endsAt = record.expiresAt }: StoredKey): number {
  return Math.min(record.expiresAt, endsAt);
}

/** A record that cannot be used, such as one that another program wrote. */
export interface UnreadableKey {
  /** For the log. */
  readonly unreadable: string;
}

/** Whether this is what {@link sealRecord} made. Another program may have written to the store. */
export function isStoredKey(value: unknown): value is StoredKey {
  const { record, revokedAt, endsAt, usedOn } = members(value);
  const facts = members(record);
  const { scopes } = facts;
  return (
    ['id', 'digest', 'seal', 'resource', 'subject', 'clientId'].every((name) =>
      isText(facts[name]),
    ) &&
    Array.isArray(scopes) &&
    scopes.every(isText) &&
    [facts['createdAt'], facts['expiresAt']].every(isTime) &&
    [revokedAt, endsAt].every((time) => time === undefined || isTime(time)) &&
    (usedOn === undefined || isText(usedOn))
  );
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : {};
}

const longestText = 1_024;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestText;
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
