import { createJwtVerifier } from '../../src/index.ts';
import { issuer, keys } from './parts.ts';

export const verifier = createJwtVerifier({ issuer, algorithms: ['RS256'], keys });
