/** Two instances that share their state by variables alone, over TLS: used proofs, limits, notes. Then faults, under load. */
import { createHash, randomUUID, webcrypto } from 'node:crypto';
import { hasRedis } from '@sallyport/test-parts/redis-server';
import { mintToken } from '@sallyport/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fewFaults } from './chaos/faults.ts';
import { type Fleet, resource, startFleet } from './chaos/fleet.ts';
import { runChaos } from './chaos/run.ts';
import { hasPostgres } from './postgres-server.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

describe.skipIf(!hasRedis || !hasPostgres)('two instances', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet({
      size: 2,
      hasSessions: false,
      isSecure: true,
      variables: (redisUrl) => ({ DPOP: 'accepted', DPOP_REDIS_URL: redisUrl }),
    });
  });
  afterAll(() => fleet.stop());

  it('SDK-23, DPOP-08, CASE-53: share used proofs and notes, over TLS and as users with few rights', async () => {
    const { authorizationServer, postgres } = fleet;
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
      fetch(`http://localhost:${fleet.instances[instance]?.port}/tools/call`, {
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

  it('RL-20, CASE-53: answer every request rightly, and keep each note, whatever is stopped, killed or cut off', async () => {
    const report = await runChaos(fleet, fewFaults, { partMs: 700, perSecond: 15 });
    const { wrong, lost, confirmed, calls, failures, limits, counters } = report;

    expect({ wrong, lost }, report.table).toEqual({ wrong: [], lost: [] });
    expect(confirmed).toBeGreaterThan(0);
    expect(calls.fullestShared).toBeLessThanOrEqual(limits.greedyCalls);
    expect(failures.fullestShared).toBeLessThanOrEqual(limits.failures);
    expect(calls.fullest).toBeLessThanOrEqual(limits.greedyCalls * counters);
    expect(failures.fullest).toBeLessThanOrEqual(limits.failures * counters);
  }, 900_000);
});
