/**
 * The contract between the guard and whatever decides that a request comes from the one whom its
 * token is bound to: `@sallyport/dpop`, `@sallyport/mtls`.
 */
import type { ConfirmationMethod } from './confirmation.ts';
import type { CredentialScheme } from './credentials.ts';

/** What a request has to prove possession with. */
export interface ProofRequest {
  readonly method: string;
  /**
   * The public URL of what was asked for: a configured origin, never that of `Host`, and the path of
   * the request. Query and fragment are ignored.
   */
  readonly url: string;
  /**
   * Every value of a header field as received. A host that joins repeated fields returns one value.
   *
   * @param name In lower case.
   */
  field(name: string): readonly string[];
}

/** A verified token that names a key. */
export interface BoundToken {
  /** {@link Confirmation.thumbprint}. */
  readonly thumbprint: string;
  readonly token: string;
}

/** What one check may use. */
export interface ProofContext {
  /** The current time, in seconds since the epoch. */
  readonly nowSeconds: number;
  /** Aborts when the caller no longer needs the answer. */
  readonly signal: AbortSignal;
}

/** Asks for one kind of proof. */
export interface SenderConstraint {
  /** The kind of binding that it proves. Tokens with another one are not its concern. */
  readonly method: ConfirmationMethod;
  /** The authentication scheme that such tokens come with; no other is accepted for them. */
  readonly scheme: CredentialScheme;
  /** Whether every token must be bound in this way. */
  readonly required: boolean;
  /** JWS algorithms of its proofs, for challenge and metadata. Empty where there are none. */
  readonly algorithms: readonly string[];
  /**
   * Called only for verified tokens, so a client without one cannot cause work or fill memory.
   *
   * @returns Headers for the answer to the request, whatever it will be.
   * @throws {AuthError} `dpop_proof_invalid` or `dpop_nonce_required` for what is wrong with a
   *   proof, `token_sender_constrained` where it is the proof of somebody else or there is none.
   *   Anything else is reported as `upstream_unavailable`.
   */
  confirm(
    bound: BoundToken,
    request: ProofRequest,
    context: ProofContext,
  ): Promise<Readonly<Record<string, string>>>;
}
