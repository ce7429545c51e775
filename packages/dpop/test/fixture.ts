import { createHash, randomUUID } from 'node:crypto';
import { isAuthError, type ProofContext, type ProofRequest } from '@sallyport/core';
import {
  calculateJwkThumbprint,
  exportJWK,
  type GenerateKeyPairResult,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { createDpop, type DpopOptions } from '../src/index.ts';

/** The time in every test that has no clock of its own. */
export const now = 1_767_225_600;
export const url = 'https://mcp.example.com/mcp';
/** An access token; only its hash matters here. */
export const token = 'an-access-token.of~some_kind';
export const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url');

/** A key of a client. */
export interface Key extends GenerateKeyPairResult {
  readonly algorithm: string;
  readonly jwk: JWK;
  readonly thumbprint: string;
}

export async function createKey(algorithm = 'ES256'): Promise<Key> {
  const pair = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  return { ...pair, algorithm, jwk, thumbprint: await calculateJwkThumbprint(jwk) };
}

export const key = await createKey();
export const otherKey = await createKey();

type Members = Readonly<Record<string, unknown>>;

/** A good proof, but for what is changed; `undefined` leaves a member out. */
export async function prove(claims: Members = {}, header: Members = {}, by: Key = key) {
  const payload = { jti: randomUUID(), htm: 'POST', htu: url, iat: now, ath: hashOf(token) };
  const protectedHeader = { typ: 'dpop+jwt', alg: by.algorithm, jwk: by.jwk, ...header };
  return new SignJWT({ ...payload, ...claims } as JWTPayload)
    .setProtectedHeader(protectedHeader as unknown as JWTHeaderParameters)
    .sign(by.privateKey);
}

const encoder = new TextEncoder();

/** Signs what no library would write. Given texts stand as they are. */
export async function signTexts(header: string, payload: string): Promise<string> {
  const input = [header, payload].map((text) => Buffer.from(text).toString('base64url')).join('.');
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, key.privateKey, encoder.encode(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

export const header = (changes: Members = {}): string =>
  JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk, ...changes });
export const payload = (changes: Members = {}): string =>
  JSON.stringify({
    jti: randomUUID(),
    htm: 'POST',
    htu: url,
    iat: now,
    ath: hashOf(token),
    ...changes,
  });

export const requestWith = (...proofs: readonly string[]): ProofRequest => ({
  method: 'POST',
  url,
  field: (name) => (name === 'dpop' ? proofs : []),
});

export const context = (nowSeconds: number = now): ProofContext => ({
  nowSeconds,
  signal: new AbortController().signal,
});

/** How a proof fares: `ok`, or `code: detail`. */
export function createJudge(options: DpopOptions = {}) {
  const dpop = createDpop(options);
  return async (
    proof: string | readonly string[],
    changes: Partial<ProofRequest> & { thumbprint?: string; nowSeconds?: number } = {},
  ): Promise<string> => {
    const { thumbprint = key.thumbprint, nowSeconds = now, ...others } = changes;
    const request = { ...requestWith(...[proof].flat()), ...others };
    try {
      await dpop.confirm({ thumbprint, token }, request, context(nowSeconds));
      return 'ok';
    } catch (error) {
      if (!isAuthError(error)) throw error;
      return `${error.code}: ${error.detail}`;
    }
  };
}
