/** Which token may come with which scheme, and who has to prove what. */

import { AuthError, ConfigError } from '../errors.ts';
import type { Principal } from '../token/token-verifier.ts';
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
  /** What to prove possession with. Without it no bound token is let in. */
  readonly proof?: ProofRequest | undefined;
  /**
   * For looking again at the token of a request that is still being answered, and for nothing else:
   * whom it was let in as. Its proof is good only once, and soon too old; and what is found out now
   * counts as no failure of anybody's, and waits for no limit.
   */
  readonly again?: Pick<Principal, 'confirmation'> | undefined;
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
   * @param confirmation Of the verified token.
   * @returns Headers for the answer.
   * @throws {AuthError} When the token may not be used like this.
   */
  confirm(
    confirmation: Confirmation | undefined,
    credentials: Credentials,
    request: PossessionFields,
    context: ProofContext,
  ): Promise<Readonly<Record<string, string>>>;
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
    refuseOption('must have no other beside one that is required: a token has one binding');
  }
  const dpop = all.find(({ scheme }) => scheme === 'DPoP');

  return {
    all,
    schemes: dpop === undefined ? ['Bearer'] : ['Bearer', 'DPoP'],
    methods: all.length === 0 ? undefined : new Set(byMethod.keys()),
    dpopAlgorithms: dpop?.algorithms ?? [],

    async confirm(confirmation, { scheme, token }, { proof, again }, context) {
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
      if (isSameConfirmation(confirmation, again?.confirmation)) return nothing;
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
