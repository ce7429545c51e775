/** Answers in the shapes that Vault's API documentation shows. */
import { randomUUID } from 'node:crypto';
import type { StoredVersion } from './kv-store.ts';
import { remainingSeconds, type StoredToken } from './token-store.ts';

/** What is sent. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** `{"errors":[…]}`, which is empty for what is simply not there. */
export function refuse(status: number, ...errors: readonly string[]): Answer {
  return { status, body: { errors } };
}

/** For a token that is unknown, was revoked or is over. */
export const invalidToken: Answer = refuse(
  403,
  '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n',
);

/** For a token that is good, and may not do this. */
export const permissionDenied: Answer = refuse(403, '1 error occurred:\n\t* permission denied\n\n');

/** A version; 404 with everything but its data when it was deleted or destroyed. */
export function answerVersion(version: StoredVersion): Answer {
  const { fields, createdAt, deletedAt, number } = version;
  const isReadable = fields !== undefined && deletedAt === '';
  return {
    status: isReadable ? 200 : 404,
    body: envelope({
      data: {
        data: isReadable ? fields : null,
        metadata: {
          created_time: createdAt,
          custom_metadata: null,
          deletion_time: deletedAt,
          destroyed: fields === undefined,
          version: number,
        },
      },
      mount_type: 'kv',
    }),
  };
}

/** What a login, or a renewal, gives. */
export function answerAuth(token: StoredToken, now: number): Answer {
  return {
    status: 200,
    body: envelope({
      auth: {
        client_token: token.id,
        accessor: token.accessor,
        policies: token.policies,
        token_policies: token.policies,
        metadata: token.metadata,
        lease_duration: remainingSeconds(token, now),
        renewable: token.renewable,
        entity_id: '',
        token_type: 'service',
        orphan: true,
        mfa_requirement: null,
        num_uses: 0,
      },
    }),
  };
}

/** What a token may know of itself. */
export function answerLookup(token: StoredToken, now: number): Answer {
  const isEndless = token.ttlSeconds === 0;
  return {
    status: 200,
    body: envelope({
      data: {
        accessor: token.accessor,
        creation_time: Math.floor(token.issuedAt / 1_000),
        creation_ttl: token.ttlSeconds,
        display_name: token.displayName,
        entity_id: '',
        expire_time: isEndless ? null : new Date(token.endsAt).toISOString(),
        explicit_max_ttl: 0,
        id: token.id,
        meta: token.metadata,
        num_uses: 0,
        orphan: true,
        path: token.path,
        policies: token.policies,
        renewable: token.renewable,
        ttl: remainingSeconds(token, now),
        type: 'service',
      },
      mount_type: 'token',
    }),
  };
}

function envelope(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    request_id: randomUUID(),
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: null,
    wrap_info: null,
    warnings: null,
    auth: null,
    ...members,
  };
}
