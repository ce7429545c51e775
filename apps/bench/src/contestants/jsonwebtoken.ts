import library from 'jsonwebtoken';
import { audience, issuerName } from '../tokens/tokens.ts';
import type { Contestant } from './contestant.ts';

export const jsonwebtoken: Contestant = {
  name: 'jsonwebtoken',
  algorithms: ['RS256', 'PS256', 'ES256', 'HS256'],

  async open({ algorithm, verificationKey }) {
    if (algorithm === 'EdDSA') throw new TypeError('jsonwebtoken has no EdDSA');
    const options = { algorithms: [algorithm], issuer: issuerName, audience };
    return (token) => library.verify(token, verificationKey, options);
  },
};
