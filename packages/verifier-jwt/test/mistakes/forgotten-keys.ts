import { createJwtVerifier } from '../../src/index.ts';
import { audience, issuer } from './parts.ts';

export const verifier = createJwtVerifier({ issuer, audience, algorithms: ['RS256'] });
