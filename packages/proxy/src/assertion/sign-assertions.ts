/**
 * The signed assertion that says to the upstream who is calling. The upstream verifies it as it would verify an
 * access token, and never sees the client's token.
 */
import { sign } from 'node:crypto';
import type { GatedRequest } from '@sallyport/mcp-adapter/node';
import type { AssertionKey } from './assertion-key.ts';

/** `auth` of a request that the gate admitted. */
export type Caller = NonNullable<GatedRequest['auth']>;

/** `typ` of every assertion. A Sallyport gate accepts no token of this type. */
export const assertionType = 'sallyport-assertion+jwt';

const lifetimeSeconds = 60;
// What upstreams get is good for half a minute at least.
const reuseMs = 30_000;
const maximumCached = 1_000;

interface CachedAssertion {
  readonly token: string;
  readonly until: number;
  readonly keyId: string;
}

/** Options for {@link createAssertionSigner}. */
export interface AssertionSignerOptions {
  /** What `aud` says: who may accept the assertion. */
  readonly audience: string;
  readonly currentKey: () => AssertionKey;
  /** Clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Creates the function that signs for a caller. It signs once for each caller and 30 seconds, and remembers at
 * most 1,000 callers.
 */
export function createAssertionSigner(options: AssertionSignerOptions): (caller: Caller) => string {
  const { audience, currentKey, now } = options;
  const cached = new Map<string, CachedAssertion>();

  function remember(name: string, assertion: CachedAssertion): void {
    cached.delete(name);
    // The oldest is the first: every entry lives for the same time.
    if (cached.size >= maximumCached) cached.delete(cached.keys().next().value as string);
    cached.set(name, assertion);
  }

  return (caller) => {
    const { issuer, subject } = caller.extra;
    const { clientId, scopes, resourceMetadataUrl } = caller;
    const key = currentKey();
    const time = now();
    // In JSON, two callers never have the same name.
    const name = JSON.stringify([resourceMetadataUrl, issuer, subject, clientId, scopes]);
    const known = cached.get(name);
    if (known !== undefined && time < known.until && known.keyId === key.keyId) return known.token;
    const issuedAt = Math.floor(time / 1_000);
    const token = signJwt(key, {
      iss: withoutRootSlash(caller.resource),
      aud: audience,
      sub: subjectOf(issuer, subject),
      client_id: clientId,
      scope: scopes.join(' '),
      caller_issuer: issuer,
      caller_subject: subject,
      iat: issuedAt,
      exp: issuedAt + lifetimeSeconds,
    });
    remember(name, { token, until: time + reuseMs, keyId: key.keyId });
    return token;
  };
}

/**
 * One name for issuer and subject together: two issuers may both have a subject `1`. An issuer has no fragment
 * (RFC 8414 §2), so the first `#` ends it.
 */
function subjectOf(issuer: string, subject: string): string {
  return `${issuer.replace(/[%#]/g, encodeURIComponent)}#${subject}`;
}

/** As the resource is written in the configuration: `URL` adds a slash to an origin. */
function withoutRootSlash({ href, pathname, search }: URL): string {
  return pathname === '/' && search === '' ? href.slice(0, -1) : href;
}

function signJwt({ privateKey, keyId }: AssertionKey, claims: object): string {
  const header = encode({ alg: 'ES256', typ: assertionType, kid: keyId });
  const signed = `${header}.${encode(claims)}`;
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
