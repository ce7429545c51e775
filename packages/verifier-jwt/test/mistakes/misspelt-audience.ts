import { createJwtVerifier } from '../../src/index.ts';
import { audience, issuer, keys } from './parts.ts';

export const verifier = createJwtVerifier({
  issuer,
  audiences: audience,
  algorithms: ['RS256'],
  keys,
});
