/** CASE-38 and CASE-44: keys from servers that insist on a media type, and through an egress proxy. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError, detectEnvironment } from '@sallyport/core';
import { expect, it, onTestFinished } from 'vitest';
import { createJwtVerifier, discoverJwks, remoteJwks } from '../../../src/index.ts';
import { audience, goodClaims, judge } from '../../fixture.ts';

const development = detectEnvironment({ ENVIRONMENT: 'development' });
const production = detectEnvironment({});

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A token whose signature nobody made. */
function unsigned(issuer: string): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg: 'RS256', kid: 'a', typ: 'at+jwt' });
  const body = encode({ ...goodClaims, iss: issuer });
  return `${header}.${body}.${Buffer.alloc(256, 7).toString('base64url')}`;
}

it('CASE-38: asks for keys by both media types, as Kubernetes wants it', async () => {
  const accepted: unknown[] = [];
  const origin = await listen(
    createServer((request, response) => {
      accepted.push(request.headers.accept);
      const isKubernetes = request.headers.accept?.includes('application/jwk-set+json') === true;
      response.writeHead(isKubernetes ? 200 : 406, { 'Content-Type': 'application/jwk-set+json' });
      response.end('{"keys":[]}');
    }),
  );
  const keys = remoteJwks({ url: `${origin}/openid/v1/jwks`, environment: development });
  const verifier = createJwtVerifier({ issuer: origin, audience, algorithms: ['RS256'], keys });
  onTestFinished(() => verifier.close?.());

  await judge(unsigned(origin), verifier);

  expect(accepted).toEqual(['application/jwk-set+json, application/json']);
});

it.each([
  [
    'remoteJwks',
    (proxyUrl: string) =>
      remoteJwks({ url: 'https://id.example.com/jwks', environment: production, proxyUrl }),
  ],
  [
    'discoverJwks',
    (proxyUrl: string) =>
      discoverJwks({ issuer: 'https://id.example.com', environment: production, proxyUrl }),
  ],
])('CASE-44: %s fetches through the proxy', async (_name, open) => {
  const asked: (string | undefined)[] = [];
  const proxyUrl = await listen(
    createServer().on('connect', (request, socket) => {
      asked.push(request.url);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    }),
  );
  const issuer = 'https://id.example.com';
  const keys = open(proxyUrl);
  const verifier = createJwtVerifier({ issuer, audience, algorithms: ['RS256'], keys });
  onTestFinished(() => verifier.close?.());

  expect((await judge(unsigned(issuer), verifier)).code).toBe('upstream_unavailable');
  expect(new Set(asked)).toEqual(new Set(['id.example.com:443']));
});

it.each(['proxy.internal:3128', 'http://user:hunter2@proxy', 'http://169.254.169.254', 7])(
  'CASE-44: takes no proxy such as %j',
  (proxyUrl) => {
    const create = () =>
      remoteJwks({
        url: 'https://id.example.com/jwks',
        environment: production,
        proxyUrl: proxyUrl as string,
      });

    expect(create).toThrow(ConfigError);
    expect(create).not.toThrow(/hunter2/);
  },
);
