/** Demonstrating proof of possession (RFC 9449), at the resource server. */
import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type ProofRequest,
  type SenderConstraint,
} from '@sallyport/core';
import { calculateJwkThumbprint, compactVerify, importJWK, type JWK } from 'jose';
import { createNonces, type NonceOptions, nonceChecks } from './nonces.ts';
import { type ProofAlgorithm, readAlgorithms } from './proof/algorithms.ts';
import { digestOf } from './proof/digest.ts';
import { judgeProofClaims } from './proof/proof-claims.ts';
import { refuseProof } from './proof/proof-fault.ts';
import { readProofHeader } from './proof/proof-header.ts';
import { decodeCanonically, type JsonObject, parseSegment } from './proof/strict-json.ts';
import { createMemoryReplayStore } from './replay/memory-replay-store.ts';
import type { ReplayStore } from './replay/replay-store.ts';

/** Options for {@link createDpop}. */
export interface DpopOptions {
  /** With what proofs may be signed. Default `ES256`, `Ed25519` and `EdDSA`. */
  readonly algorithms?: readonly [ProofAlgorithm, ...ProofAlgorithm[]];
  /**
   * How far the time at which a proof says it was made may be from now, either way, in seconds: 10 to
   * 3,600. Default 300.
   */
  readonly proofLifetimeSeconds?: number;
  /** Makes clients put a nonce of this server into their proofs. Default none is asked for. */
  readonly nonce?: NonceOptions;
  /** What remembers used proofs. Default `createMemoryReplayStore()`, for one instance. */
  readonly replay?: ReplayStore;
  /** Refuses every token that is not bound to a DPoP key. Default false. */
  readonly required?: boolean;
}

const longestProof = 8_192;

const optionChecks: Checks<DpopOptions> = {
  algorithms: check.optional(check.texts),
  proofLifetimeSeconds: check.optional(check.number),
  nonce: check.optional(check.options(nonceChecks)),
  replay: check.optional(check.shape('a replay store', { remember: 'function' })),
  required: check.optional(check.flag),
};

/**
 * Has every token that is bound to a key (`cnf.jkt`) come as `Authorization: DPoP`, with a proof that
 * the sender holds the key: one for this method, this address, this token and this moment, used once.
 *
 * It is for `createGuard({ senderConstraints: [createDpop()] })`, which calls it for verified tokens.
 *
 * @example
 * ```ts
 * const guard = createGuard({ ...options, senderConstraints: [createDpop({ required: true })] });
 * ```
 * @throws {ConfigError} When an option is out of range.
 */
export function createDpop(given: DpopOptions = {}): SenderConstraint {
  const options = checkOptions('dpop', given, optionChecks);
  const { proofLifetimeSeconds: lifetimeSeconds = 300, required = false } = options;
  const { replay = createMemoryReplayStore() } = options;
  const algorithms = readAlgorithms(options.algorithms ?? ['ES256', 'Ed25519', 'EdDSA']);
  if (!(Number.isInteger(lifetimeSeconds) && lifetimeSeconds >= 10 && lifetimeSeconds <= 3_600)) {
    throw new ConfigError('dpop.proofLifetimeSeconds', 'must be a whole number from 10 to 3600');
  }
  if (typeof replay.remember !== 'function') {
    throw new ConfigError('dpop.replay', 'must be a replay store');
  }
  const nonces = options.nonce && createNonces(options.nonce);

  /** @returns The payload, once the key is the one of the token and has signed it. */
  async function open(proof: string, thumbprint: string): Promise<JsonObject> {
    const [header = '', payload = '', signature = '', ...others] = proof.split('.', 4);
    if (others.length > 0 || signature === '') refuseProof('not a JWT');
    const { algorithm, publicKey } = readProofHeader(parseSegment(header, 'header'), algorithms);
    const claims = parseSegment(payload, 'payload');
    decodeCanonically(signature, 'signature');
    // First, so that no other key than that of a good token is ever calculated with.
    if ((await calculateJwkThumbprint(publicKey, 'sha256')) !== thumbprint) {
      throw new AuthError('token_sender_constrained', { detail: 'proof of another key' });
    }
    if (!(await isSigned(proof, publicKey, algorithm))) refuseProof('signature');
    return claims;
  }

  /** @returns Headers for the answer. */
  async function judgeNonce(nonce: unknown, nowSeconds: number): Promise<Record<string, string>> {
    if (nonces === undefined) return {};
    const standing = await nonces.judge(nonce, nowSeconds);
    if (standing === 'current') return {};
    const next = await nonces.issue(nowSeconds);
    if (standing === 'unknown') throw new AuthError('dpop_nonce_required', { nonce: next });
    return { 'DPoP-Nonce': next };
  }

  return {
    method: 'jkt',
    scheme: 'DPoP',
    required,
    algorithms: [...algorithms.keys()],

    async confirm({ thumbprint, token }, request, { nowSeconds }) {
      const members = await open(readProofField(request), thumbprint);
      const tokenHash = await digestOf(token);
      const expected = { request, tokenHash, nowSeconds, lifetimeSeconds };
      const { identifier, issuedAt, nonce } = judgeProofClaims(members, expected);
      const headers = await judgeNonce(nonce, nowSeconds);
      // Last: only what is good in every other way is worth remembering.
      const id = await digestOf(`${thumbprint}.${identifier}`);
      const expiresAt = issuedAt + lifetimeSeconds;
      if (!(await replay.remember({ id, thumbprint, expiresAt }, nowSeconds)))
        refuseProof('replay');
      return headers;
    },
  };
}

function readProofField(request: ProofRequest): string {
  const [proof, second] = request.field('dpop');
  if (proof === undefined) refuseProof('none');
  // The Fetch API joins repeated fields with a comma, which no JWT has.
  if (second !== undefined || proof.includes(',')) refuseProof('several');
  if (proof.length > longestProof) refuseProof(`longer than ${longestProof} characters`);
  return proof;
}

/** The key and the signature are all that there is to go wrong. */
async function isSigned(proof: string, publicKey: JWK, algorithm: string): Promise<boolean> {
  try {
    await compactVerify(proof, await importJWK(publicKey, algorithm), { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}
