/** Makes the credentials of a run. What is known of each goes beside it, so that messages never show the credential. */
import { createHmac, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Secret } from '@sallyport/core';
import { type Caller, type Credential, issuers, type JwtDefect } from './facts.ts';
import { resource, type Secrets } from './site-options.ts';

/** A credential, and what is known of it. */
export interface Issued {
  readonly token: string | undefined;
  readonly credential: Credential;
}

const callers = ['ada', 'bob'] as const;

/** How a JWT is made. */
export interface JwtOrder {
  readonly caller: number;
  readonly token: number;
  /** From now until `exp`. */
  readonly lifetimeSeconds: number;
  /** From now until `iat`. */
  readonly aheadSeconds: number;
  readonly defect: JwtDefect | undefined;
}

/** Secrets that this process makes up. */
export function makeSecrets(): Secrets {
  const made = new Map<string, string>();
  const secretOf = (kind: string) => (index: number) => {
    const name = `${kind} ${index}`;
    const text = made.get(name) ?? randomBytes(48).toString('base64url');
    made.set(name, text);
    return text;
  };
  const apiKey = secretOf('api key');
  return {
    hmac: secretOf('hmac'),
    client: secretOf('client'),
    apiKey: (index) => new Secret(apiKey(index)),
  };
}

export function callerOf(issuer: string, { caller, token }: Pick<JwtOrder, 'caller' | 'token'>) {
  const subject = callers[caller % callers.length] ?? '';
  return { issuer, subject, client: `client of ${subject}`, token: `token-${token}` };
}

/** @param now Seconds since the epoch. */
function describeJwt(issuer: string, order: JwtOrder, now: number) {
  const { lifetimeSeconds, aheadSeconds, defect } = order;
  const second = Math.floor(now);
  const [issuedAt, expiresAt] = [second + aheadSeconds, second + lifetimeSeconds];
  return { ...callerOf(issuer, order), issuedAt, expiresAt, defect };
}

function writeJwt(
  header: Readonly<Record<string, string>>,
  { issuer, subject, client, token, issuedAt, expiresAt, defect }: ReturnType<typeof describeJwt>,
  signText: (text: string) => Buffer,
): string {
  const claims = {
    iss: issuer,
    sub: subject,
    ...(defect !== 'without a client' && { client_id: client }),
    aud: defect === 'for another server' ? 'https://other.example.com/mcp' : resource,
    jti: token,
    iat: issuedAt,
    exp: expiresAt,
  };
  const text = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = signText(defect === 'forged' ? `${text} ` : text);
  return `${text}.${signature.toString('base64url')}`;
}

export function issueJwt(keyId: string, key: KeyObject, order: JwtOrder, now: number): Issued {
  const facts = describeJwt(issuers.jwt, order, now);
  const token = writeJwt({ alg: 'ES256', typ: 'at+jwt', kid: keyId }, facts, (text) =>
    sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }),
  );
  return { token, credential: { kind: 'jwt', keyId, ...facts } };
}

export function issueHmacJwt(
  index: number,
  { hmac }: Secrets,
  order: JwtOrder,
  now: number,
): Issued {
  const facts = describeJwt(issuers.hmac, order, now);
  const token = writeJwt({ alg: 'HS256', typ: 'at+jwt' }, facts, (text) =>
    createHmac('sha256', hmac(index)).update(text).digest(),
  );
  return { token, credential: { kind: 'hmac jwt', secret: index, ...facts } };
}

/** An opaque token. Its subject names it. */
export function describeOpaque(index: number): Caller {
  const subject = `opaque-${index}`;
  return { issuer: issuers.opaque, subject, client: 'web', token: undefined };
}

/** Credentials that are wrong in their form. */
export const nonsense: Readonly<Record<string, () => string | undefined>> = {
  'no credential': () => undefined,
  'an unsigned token': () => {
    const header = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    return `${header}.${Buffer.from(`{"iss":"${issuers.jwt}"}`).toString('base64url')}.`;
  },
  "a stranger's token": () => {
    const header = Buffer.from('{"alg":"ES256","typ":"at+jwt","kid":"key-0"}').toString(
      'base64url',
    );
    const claims = Buffer.from('{"iss":"https://stranger.example.com"}').toString('base64url');
    return `${header}.${claims}.${randomBytes(64).toString('base64url')}`;
  },
  'a copied part of an API key': () => `sallyport_${randomBytes(12).toString('hex')}`,
};
