/** Two instances that share their state by variables alone: used proofs in Redis, notes in PostgreSQL, both over TLS. */
import { spawn } from 'node:child_process';
import { createHash, randomUUID, webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { mintToken, startAuthorizationServer } from '@sallyport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findFreePort } from './free-port.ts';
import { hasPostgres, startPostgres } from './postgres-server.ts';
import { hasRedis, startRedis } from './redis-server.ts';
import { ask } from './steady-load.ts';

const prefix = 'FASTMCP_SERVER_AUTH_';
const resource = 'http://localhost:8000/mcp';
const program = new URL('../dist/start.js', import.meta.url).pathname;
const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

async function startInstance(variables: Readonly<Record<string, string>>): Promise<number> {
  const port = await findFreePort();
  const env = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    ENVIRONMENT: 'development',
    PORT: `${port}`,
  };
  const child = spawn(process.execPath, [program], {
    env: { ...env, ...variables },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  while ((await ask({ port, path: '/health' })).result !== 200) {
    if (child.exitCode !== null) throw new Error(`an instance ended with ${child.exitCode}`);
    await sleep(50);
  }
  return port;
}

describe.skipIf(!hasRedis || !hasPostgres)('two instances', () => {
  it('SDK-23, DPOP-08, CASE-53: share used proofs and notes, over TLS and as users with few rights', async () => {
    const [redis, postgres, authorizationServer] = await Promise.all([
      startRedis({ rules: '~sallyport:dpop:* +set +info' }),
      startPostgres({ isSecure: true }),
      startAuthorizationServer({ resources: [{ resource, scopes: ['read:data', 'write:data'] }] }),
    ]);
    onTestFinished(async () => {
      await Promise.all([redis.stop(), postgres.stop(), authorizationServer.stop()]);
    });
    const variables = {
      [`${prefix}TYPE`]: 'jwt',
      [`${prefix}RESOURCE_URL`]: resource,
      [`${prefix}JWT_ISSUER`]: authorizationServer.issuer,
      [`${prefix}JWT_AUDIENCE`]: resource,
      [`${prefix}JWT_JWKS_URI`]: authorizationServer.jwksUri,
      [`${prefix}DPOP`]: 'required',
      [`${prefix}DPOP_REDIS_URL`]: redis.url,
      NOTES_DATABASE: postgres.url,
      NODE_EXTRA_CA_CERTS: redis.authority,
    };
    const ports = await Promise.all([startInstance(variables), startInstance(variables)]);
    const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
    ]);
    const { crv, kty, x, y } = await webcrypto.subtle.exportKey('jwk', pair.publicKey);
    const jkt = digest(JSON.stringify({ crv, kty, x, y }));
    const token = await authorizationServer.mintToken({ cnf: { jkt } });
    // Addresses that are not below the resource stand for it.
    const makeProof = () =>
      mintToken({
        key: pair.privateKey,
        header: { alg: 'ES256', typ: 'dpop+jwt', jwk: { crv, kty, x, y } },
        claims: {
          ...{ jti: randomUUID(), htm: 'POST', htu: resource },
          ...{ ath: digest(token), iat: Math.floor(Date.now() / 1_000) },
        },
      });
    const call = async (instance: 0 | 1, proof: string, name: string, input: object = {}) =>
      fetch(`http://localhost:${ports[instance]}/tools/call`, {
        method: 'POST',
        headers: {
          Authorization: `DPoP ${token}`,
          DPoP: proof,
          'Content-Type': 'application/json',
        },
        body: JSON.stringify({ name, arguments: input }),
      });

    const proof = await makeProof();
    const note = { title: 'Milk', text: 'Two bottles' };
    const written = await call(0, proof, 'write_note', note);
    expect([written.status, (await call(1, proof, 'whoami')).status]).toEqual([200, 401]);
    const { content } = (await written.json()) as { content: { text: string }[] };
    const { id } = JSON.parse(content[0]?.text ?? '{}');
    const found = await call(1, await makeProof(), 'read_note', { id });
    expect(JSON.stringify(await found.json())).toContain('Two bottles');
    // The connection to PostgreSQL is one with TLS.
    const rows = await postgres.query(
      "SELECT bool_and(ssl) AS secure FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'notes'",
    );
    expect(rows).toEqual([{ secure: true }]);
  });
});
