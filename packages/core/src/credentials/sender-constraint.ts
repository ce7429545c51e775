/**
 * The contract between the guard and a check of possession. `@sallyport/dpop` and `@sallyport/mtls` implement it.
 */
import type { ConfirmationMethod } from './confirmation.ts';
import type { CredentialScheme } from './credentials.ts';

/** The parts of a request that prove possession of a key. */
export interface ProofRequest {
  readonly method: string;
  /**
   * The public URL of the request: the configured origin (never `Host`) and the path. Query and fragment are
   * ignored.
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
interface BoundToken {
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

/** Checks one kind of proof. */
export interface SenderConstraint {
  /** The kind of binding that it checks. It is not called for tokens with another one. */
  readonly method: ConfirmationMethod;
  /** The authentication scheme of such tokens. Other schemes are refused for them. */
  readonly scheme: CredentialScheme;
  /** Whether every token must be bound in this way. */
  readonly required: boolean;
  /** JWS algorithms of its proofs, for challenge and metadata. Empty where there are none. */
  readonly algorithms: readonly string[];
  /**
   * Called only for verified tokens, so a client without one cannot cause work or fill memory.
   *
   * @returns Header fields to add to the answer.
   * @throws {AuthError} `dpop_proof_invalid` or `dpop_nonce_required` for what is wrong with a
   *   proof, `token_sender_constrained` for a proof of another key, or without a proof.
   *   Anything else is reported as `upstream_unavailable`.
   */
  confirm(
    bound: BoundToken,
    request: ProofRequest,
    context: ProofContext,
  ): Promise<Readonly<Record<string, string>>>;
}
