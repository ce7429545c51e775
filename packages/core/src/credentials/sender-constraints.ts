/** Decides which scheme and which proof of possession a token needs. */

import { AuthError, ConfigError } from '../errors.ts';
import {
  bindings,
  type Confirmation,
  type ConfirmationMethod,
  isSameConfirmation,
} from './confirmation.ts';
import type { CredentialScheme, Credentials } from './credentials.ts';
import type { ProofContext, ProofRequest, SenderConstraint } from './sender-constraint.ts';

/** The part of a request that is about possession. */
export interface PossessionFields {
  /** What proves possession. Without it, the guard refuses every bound token. */
  readonly proof?: ProofRequest | undefined;
}

interface TokenUse {
  readonly confirmation: Confirmation | undefined;
  readonly credentials: Credentials;
  readonly proof: ProofRequest | undefined;
  /** The binding that was proven for the same request before. It needs no second proof. */
  readonly proven: Confirmation | undefined;
}

/** All constraints of a guard. */
export interface SenderConstraints {
  readonly all: readonly SenderConstraint[];
  /** The schemes that are understood. */
  readonly schemes: readonly CredentialScheme[];
  /** What a verifier is told; `undefined` when nothing is checked. */
  readonly methods: ReadonlySet<ConfirmationMethod> | undefined;
  /** For the challenge. */
  readonly dpopAlgorithms: readonly string[];
  /**
   * @returns Headers for the answer.
   * @throws {AuthError} When the token may not be used like this.
   */
  confirm(use: TokenUse, context: ProofContext): Promise<Readonly<Record<string, string>>>;
}

const nothing = Object.freeze({});

/** @throws {ConfigError} When two are for the same binding, or one of several is required. */
export function createSenderConstraints(list: readonly SenderConstraint[]): SenderConstraints {
  const all = Object.freeze([...list]);
  const byMethod = new Map(all.map((constraint) => [constraint.method, constraint]));
  if (byMethod.size < all.length) refuseOption('must have one for each kind of binding');
  for (const { confirm, algorithms } of all) {
    const isNamed = algorithms.every((name) => /^[A-Za-z0-9-]+$/.test(name));
    if (typeof confirm !== 'function' || !isNamed) refuseOption('must be sender constraints');
  }
  const required = all.find((constraint) => constraint.required);
  if (required !== undefined && all.length > 1) {
    refuseOption('must be the only one if it is required, because a token has one binding');
  }
  const dpop = all.find(({ scheme }) => scheme === 'DPoP');

  return {
    all,
    schemes: dpop === undefined ? ['Bearer'] : ['Bearer', 'DPoP'],
    methods: all.length === 0 ? undefined : new Set(byMethod.keys()),
    dpopAlgorithms: dpop?.algorithms ?? [],

    async confirm({ confirmation, credentials: { scheme, token }, proof, proven }, context) {
      if (confirmation === undefined) {
        if (scheme === 'DPoP' || required !== undefined) {
          const detail = `sent as ${scheme}, and the token is bound to no key`;
          throw new AuthError('token_not_sender_constrained', { detail });
        }
        return nothing;
      }
      const constraint = byMethod.get(confirmation.method);
      // A bound token that could be used without its proof would be a bearer token (RFC 9449 §7.2).
      if (constraint?.scheme !== scheme) {
        const detail = `bound to ${bindings[confirmation.method]}, and sent as ${scheme}`;
        throw new AuthError('token_sender_constrained', { detail });
      }
      if (isSameConfirmation(confirmation, proven)) return nothing;
      if (proof === undefined) {
        const detail = 'the host of the guard passes no proofs on';
        throw new AuthError('upstream_unavailable', { detail });
      }
      return constraint.confirm({ thumbprint: confirmation.thumbprint, token }, proof, context);
    },
  };
}

function refuseOption(problem: string): never {
  throw new ConfigError('guard.senderConstraints', problem);
}
