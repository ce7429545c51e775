import { createHash, randomUUID } from 'node:crypto';
import { detectEnvironment } from '@sallyport/core';
import { createDpop } from '@sallyport/dpop';
import { protect } from '@sallyport/protect/fetch';
import { startAuthorizationServer } from '@sallyport/testing';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';

const resource = 'https://mcp.example.com/mcp';
const server = await startAuthorizationServer({ resources: [{ resource, scopes: [] }] });

const gated = await protect(
  {
    resource,
    // In production: the address of the authorization server.
    issuer: server.issuer,
    tools: {},
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    // Verifies the proof of each bound token.
    senderConstraints: [createDpop()],
  },
  () => new Response('let in'),
);

// A client with its own key, and a token that is bound to the key.
const { publicKey, privateKey } = await generateKeyPair('ES256');
const jwk = await exportJWK(publicKey);
const token = await server.mintToken({ cnf: { jkt: await calculateJwkThumbprint(jwk) } });
const ath = createHash('sha256').update(token).digest('base64url');
const proof = await new SignJWT({ jti: randomUUID(), htm: 'GET', htu: resource, ath })
  .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
  .setIssuedAt()
  .sign(privateKey);

const statusOf = async (headers: Record<string, string>): Promise<number> =>
  (await gated(new Request(resource, { headers }))).status;

export const holder = await statusOf({ Authorization: `DPoP ${token}`, DPoP: proof });
export const replayed = await statusOf({ Authorization: `DPoP ${token}`, DPoP: proof });
export const stolen = await statusOf({ Authorization: `Bearer ${token}` });

await server.stop();
