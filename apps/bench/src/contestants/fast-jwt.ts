import { createVerifier } from 'fast-jwt';
import type { Contestant } from '../contestant.ts';
import { algorithms } from '../issuer.ts';
import { audience, issuerName } from '../tokens.ts';

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
