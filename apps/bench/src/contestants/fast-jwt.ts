import { createVerifier } from 'fast-jwt';
import { algorithms } from '../tokens/issuer.ts';
import { audience, issuerName } from '../tokens/tokens.ts';
import type { Contestant } from './contestant.ts';

export const fastJwt: Contestant = {
  name: 'fast-jwt',
  algorithms,

  async open({ algorithm, keyText }, { cachedTokens }) {
    return createVerifier({
      key: keyText,
      algorithms: [algorithm],
      allowedIss: issuerName,
      allowedAud: audience,
      cache: cachedTokens === 0 ? false : cachedTokens,
    });
  },
};
