import { auth } from 'express-oauth2-jwt-bearer';
import { algorithms } from '../tokens/issuer.ts';
import { audience, issuerName } from '../tokens/tokens.ts';
import type { Contestant } from './contestant.ts';

type Middleware = (
  request: object,
  response: object,
  next: (error?: unknown) => void,
) => Promise<void>;

/**
 * It does not export its verifier. So the whole middleware is called, with a request that costs nothing
 * to read. It gets the key, and fetches nothing.
 */
export const expressOauth2JwtBearer: Contestant = {
  name: 'express-oauth2-jwt-bearer',
  algorithms,

  async open({ algorithm, keyText, jwk }) {
    const middleware = auth({
      issuer: issuerName,
      audience,
      tokenSigningAlg: algorithm,
      dpop: { enabled: false },
      ...(algorithm === 'HS256'
        ? { secret: keyText }
        : { publicKey: { ...jwk, kty: `${jwk.kty}` } }),
    });
    // The middleware reads only these members of a request.
    const authenticate = middleware as unknown as Middleware;
    return (token) => authenticate(requestWith(token), {}, passOrThrow);
  },
};

function requestWith(token: string): object {
  return {
    method: 'POST',
    protocol: 'https',
    url: '/mcp',
    headers: { host: 'mcp.example.com', authorization: `Bearer ${token}` },
    get: hostOnly,
    is: () => false,
  };
}

const hostOnly = (name: string) => (name === 'Host' ? 'mcp.example.com' : undefined);

function passOrThrow(error?: unknown): void {
  if (error !== undefined) throw error;
}
