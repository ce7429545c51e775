export type { StaticToken } from './static-token.ts';
export type { StaticVerifierOptions } from './static-verifier.ts';
export { createStaticVerifier } from './static-verifier.ts';
