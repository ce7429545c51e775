import { createJwtVerifier } from '../../src/index.ts';
import { issuer, keys } from './parts.ts';

export const verifier = createJwtVerifier({ issuers: [{ issuer, algorithms: ['RS256'], keys }] });
