import { createJwtVerifier } from '../../src/index.ts';
import { audience, keys } from './parts.ts';

export const verifier = createJwtVerifier({ audience, algorithms: ['RS256'], keys });
