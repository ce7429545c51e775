import type { Algorithm, Issuer } from '../tokens/issuer.ts';

/** A verifier that takes part: issuer, audience, `exp` and the one algorithm are checked. */
export interface Contestant {
  /** The name of its package. */
  readonly name: string;
  readonly algorithms: readonly Algorithm[];
  /** Sets it up as its documentation says, with the key imported once. */
  open(issuer: Issuer, options: { readonly cachedTokens: number }): Promise<TokenCheck>;
}

/** Throws, or rejects, when the token is refused. */
export type TokenCheck = (token: string) => unknown;
