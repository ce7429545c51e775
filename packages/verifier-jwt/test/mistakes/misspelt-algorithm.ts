import { createJwtVerifier } from '../../src/index.ts';
import { audience, issuer, keys } from './parts.ts';

export const verifier = createJwtVerifier({ issuer, audience, algorithms: ['RS265'], keys });
