/** Secrets that change under a gate that is in use (SEC-13 to SEC-15, INT-13). */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGcpSecrets } from '@sallyport/secrets-gcp';
import { type SecretManager, startSecretManager } from '@sallyport/testing/secret-manager';
import { expect, it, onTestFinished } from 'vitest';
import { type ConfigEvent, createGateFromConfig, type LoadConfigOptions } from '../src/index.ts';
import { mintWithSecret } from './mint-with-secret.ts';
import { type Changes, hmacKey, load, problemsOf } from './set-up.ts';

const secondKey = 'v8Lq2-Xn5Rt0Wc7Zb4Ym9Kd6Hf3Js1Gp8Ta5Qe2U';
const hmac = {
  JWT_ISSUER: undefined,
  JWT_AUDIENCE: undefined,
  JWT_JWKS_URI: undefined,
  JWT_REQUIRED_SCOPES: undefined,
  JWT_ALGORITHM: 'HS256',
  RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
};

async function startSecrets(
  secrets: Readonly<Record<string, string>> = {},
): Promise<SecretManager> {
  const server = await startSecretManager({
    secrets: {
      'jwt-issuer': 'https://internal-auth.acme-corp.dev',
      'jwt-audience': 'notes',
      'hmac-secret-key': hmacKey,
      ...secrets,
    },
  });
  onTestFinished(() => server.stop());
  return server;
}

async function openGateOf(
  server: SecretManager,
  changes: Changes,
  options: LoadConfigOptions = {},
) {
  const events: ConfigEvent[] = [];
  const config = await load(
    { SECRET_BACKEND: 'gcp_secret_manager', GCP_PROJECT_ID: server.projectId, ...changes },
    { gcpClientOptions: { ...server.clientOptions }, ...options },
  );
  const { guard, close } = await createGateFromConfig(config, {
    tools: {},
    audit: { emit: () => {} },
    onEvent: (event) => void events.push(event),
  });
  onTestFinished(close);

  async function statusOf(token: string): Promise<number> {
    const result = await guard.authenticate({
      authorization: [`Bearer ${token}`],
      tokenInQuery: false,
      clientKey: '203.0.113.7',
      signal: new AbortController().signal,
    });
    return result.ok ? 200 : result.refusal.status;
  }

  /** Sends the same tokens again and again until told to stop; every status but 200 counts. */
  function load200(tokens: readonly string[]) {
    let stopped = false;
    let requests = 0;
    const refused: number[] = [];
    const ended = (async () => {
      while (!stopped) {
        const statuses = await Promise.all(tokens.map(statusOf));
        requests += statuses.length;
        refused.push(...statuses.filter((status) => status !== 200));
        await sleep(5);
      }
    })();
    return {
      async stop() {
        stopped = true;
        await ended;
        return { requests, refused };
      },
    };
  }

  return { statusOf, load200, events, typesOf: () => events.map(({ type }) => type) };
}

let serial = 0;
function tokenOf(key: string): Promise<string> {
  serial += 1;
  const iss = 'https://internal-auth.acme-corp.dev';
  const exp = Math.floor(Date.now() / 1_000) + 3_600;
  return mintWithSecret({ iss, aud: 'notes', sub: `service-${serial}`, exp }, key);
}

const tokensOf = (key: string) => Promise.all(Array.from({ length: 20 }, () => tokenOf(key)));

/** Time that goes on only when it is told to: on a busy machine real time is over too soon. */
function createClock() {
  let now = 0;
  const waiting = new Set<{ readonly due: number; readonly end: () => void }>();
  return {
    monotonicNow: () => now,
    wait: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        waiting.add({ due: now + milliseconds, end: resolve });
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
    advance(milliseconds: number) {
      now += milliseconds;
      for (const each of waiting) {
        if (each.due > now) continue;
        waiting.delete(each);
        each.end();
      }
    },
  };
}

it('puts a new shared key in force within the TTL and a tenth, and refuses nobody (SEC-13)', async () => {
  const server = await startSecrets();
  const { monotonicNow, wait, advance } = createClock();
  const secrets = createGcpSecrets({
    ...{ projectId: server.projectId, clientOptions: server.clientOptions },
    ...{ cacheTtlSeconds: 300, monotonicNow, wait },
  });
  const { statusOf, load200, typesOf } = await openGateOf(server, hmac, { secrets });
  const underLoad = load200(await tokensOf(hmacKey));
  await sleep(100);
  expect(await statusOf(await tokenOf(secondKey))).toBe(401);
  server.addVersion('hmac-secret-key', `${secondKey}\n`);
  // Timers may fire a little early, so that the product waits a millisecond longer.
  advance(330_001);
  await expect.poll(async () => statusOf(await tokenOf(secondKey))).toBe(200);
  // The clients have the new key one after the other: those of the old one go on.
  const withBoth = load200(await tokensOf(secondKey));
  const ofOld = await statusOf(await tokenOf(hmacKey));
  await sleep(500);
  const [before, after] = [await underLoad.stop(), await withBoth.stop()];

  expect(ofOld).toBe(200);
  expect([before.refused, after.refused]).toEqual([[], []]);
  expect(before.requests).toBeGreaterThan(50);
  expect(typesOf()).toEqual(['secret_changed']);
});

it.each([
  ['short', 'HMAC key for HS256 must be at least 32 bytes'],
  ['https://internal-auth.acme-corp.dev/and-more', 'not a URL'],
])(
  'CASE-47: keeps the old key where the new one is %s, and says so later (SEC-15)',
  async (bad, problem) => {
    const server = await startSecrets();
    const stale: ConfigEvent[] = [];
    const onEvent = (event: ConfigEvent) =>
      void (event.type === 'secret_stale' && stale.push(event));
    const { statusOf, events } = await openGateOf(
      server,
      { ...hmac, SECRET_CACHE_TTL: '1' },
      { onEvent },
    );
    server.addVersion('hmac-secret-key', bad);
    while (events.length === 0) await sleep(10);

    expect(events).toEqual([
      {
        type: 'secret_refused',
        variable: 'FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY',
        name: 'hmac-secret-key',
        version: '2',
        problem: expect.stringContaining(problem),
      },
    ]);
    expect(await statusOf(await tokenOf(hmacKey))).toBe(200);
    expect(await statusOf(await tokenOf(bad))).toBe(401);

    server.deny('hmac-secret-key');
    while (stale.length === 0) await sleep(10);
    expect(stale[0]).toMatchObject({ name: 'hmac-secret-key', version: '1' });
  },
);

it('CASE-47: names the version in use when a secret that changed cannot be read any more', async () => {
  const server = await startSecrets();
  const versions = new Map<unknown, unknown>();
  const onEvent = ({ type, ...event }: ConfigEvent) =>
    void (type === 'secret_stale' && versions.set(event['name'], event['version']));
  const { events } = await openGateOf(server, { ...hmac, SECRET_CACHE_TTL: '1' }, { onEvent });
  server.addVersion('hmac-secret-key', secondKey);
  server.addVersion('jwt-audience', 'other-notes');
  while (events.length < 2) await sleep(10);
  for (const name of ['hmac-secret-key', 'jwt-audience']) server.deny(name);
  while (versions.size < 2) await sleep(10);

  // The audience changes at the next start.
  expect(Object.fromEntries(versions)).toEqual({ 'hmac-secret-key': '2', 'jwt-audience': '1' });
});

it('says of other settings that they wait for the next start', async () => {
  const server = await startSecrets();
  const { statusOf, events } = await openGateOf(server, { ...hmac, SECRET_CACHE_TTL: '1' });
  server.addVersion('jwt-audience', 'other-notes');
  while (events.length === 0) await sleep(10);

  expect(events).toEqual([
    expect.objectContaining({
      type: 'setting_changed',
      variable: 'FASTMCP_SERVER_AUTH_JWT_AUDIENCE',
      version: '2',
    }),
  ]);
  expect(await statusOf(await tokenOf(hmacKey))).toBe(200);
});

it('loses nothing while Secret Manager is dead for an hour (SEC-04, SEC-08)', async () => {
  const server = await startSecrets();
  const scale = 900;
  const provider = createGcpSecrets({
    projectId: server.projectId,
    clientOptions: server.clientOptions,
    cacheTtlSeconds: 300,
    monotonicNow: () => performance.now() * scale,
    wait: (milliseconds, signal) => sleep(milliseconds / scale, undefined, { signal, ref: false }),
  });
  const { statusOf, load200 } = await openGateOf(server, hmac, { secrets: provider });
  const underLoad = load200(await tokensOf(hmacKey));
  await server.pause();
  // An hour, on that clock.
  await sleep(3_600_000 / scale);
  expect(await statusOf(await tokenOf(hmacKey))).toBe(200);
  await server.resume();
  server.addVersion('hmac-secret-key', secondKey);
  // A connection of gRPC pauses for longer and longer before it is made again, for seconds on a busy machine.
  await expect.poll(async () => statusOf(await tokenOf(secondKey)), { timeout: 60_000 }).toBe(200);
  const { refused, requests } = await underLoad.stop();

  expect(refused).toEqual([]);
  expect(requests).toBeGreaterThan(1_000);
});

it('reads a client secret anew when the server does not take it (INT-13, SEC-14)', async () => {
  let taken = 'the-first:secret';
  const answered: number[] = [];
  const endpoint = createServer((request, response) => {
    const [, encoded = ''] = (request.headers.authorization ?? '').split(' ');
    const [, secret = ''] = Buffer.from(encoded, 'base64').toString().split(':');
    const isTaken = decodeURIComponent(secret) === taken;
    answered.push(isTaken ? 200 : 401);
    response.writeHead(isTaken ? 200 : 401, { 'Content-Type': 'application/json' });
    response.end(
      JSON.stringify({
        active: true,
        sub: 'ada',
        client_id: 'c',
        aud: 'notes',
        exp: 4_102_444_800,
      }),
    );
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void endpoint.close());
  await once(endpoint, 'listening');
  const { port } = endpoint.address() as AddressInfo;
  const server = await startSecrets({ 'introspection-client-secret': taken });
  const { statusOf, typesOf } = await openGateOf(server, {
    ENVIRONMENT: 'development',
    TYPE: 'introspection',
    INTROSPECTION_URL: `http://127.0.0.1:${port}/introspect`,
    INTROSPECTION_CLIENT_ID: 'notes',
    INTROSPECTION_AUDIENCE: 'notes',
    JWT_REQUIRED_SCOPES: undefined,
  });

  expect(await statusOf('opaque-token-one')).toBe(200);
  taken = 'the-second%secret';
  server.addVersion('introspection-client-secret', taken);
  expect(await statusOf('opaque-token-two')).toBe(200);
  expect(answered).toEqual([200, 401, 200]);
  await expect.poll(typesOf).toEqual(['secret_changed']);
});

const soon = () => new Date(Date.now() + 3_600_000).toISOString();

it('SEC-13: a process that starts after a rotation accepts the previous key only by a variable', async () => {
  const server = await startSecrets();
  server.addVersion('hmac-secret-key', secondKey);
  const plain = await openGateOf(server, hmac);
  const both = await openGateOf(server, {
    ...hmac,
    JWT_PREVIOUS_KEY: 'gcp-sm://hmac-secret-key@1',
    JWT_PREVIOUS_KEY_UNTIL: soon(),
  });
  const [old, current] = [await tokenOf(hmacKey), await tokenOf(secondKey)];

  expect([await plain.statusOf(current), await plain.statusOf(old)]).toEqual([200, 401]);
  expect([await both.statusOf(current), await both.statusOf(old)]).toEqual([200, 200]);
});

it('SEC-13: a previous key that was disabled is never used, and stops no start', async () => {
  const server = await startSecrets();
  server.addVersion('hmac-secret-key', secondKey);
  server.disableVersion('hmac-secret-key', '1');
  const changes = {
    ...{ ...hmac, SECRET_BACKEND: 'gcp_secret_manager', GCP_PROJECT_ID: server.projectId },
    JWT_PREVIOUS_KEY: 'gcp-sm://hmac-secret-key@1',
    JWT_PREVIOUS_KEY_UNTIL: soon(),
  };
  const { warnings } = await load(changes, { gcpClientOptions: { ...server.clientOptions } });
  const { statusOf } = await openGateOf(server, changes);

  expect(warnings).toContainEqual(
    expect.stringMatching(/JWT_PREVIOUS_KEY: was not read, and is not used: .*DISABLED/),
  );
  expect(await statusOf(await tokenOf(hmacKey))).toBe(401);
  expect(await statusOf(await tokenOf(secondKey))).toBe(200);
});

it('SEC-13: a previous key is not used after its end', async () => {
  const server = await startSecrets();
  const changes = { ...hmac, JWT_PREVIOUS_KEY: secondKey };
  const until = { JWT_PREVIOUS_KEY_UNTIL: '2026-01-01T00:00:00+02:00' };
  const { statusOf } = await openGateOf(server, { ...changes, ...until });

  expect(await statusOf(await tokenOf(hmacKey))).toBe(200);
  expect(await statusOf(await tokenOf(secondKey))).toBe(401);
});

const shared = { ...hmac, JWT_ISSUER: 'https://a.acme-corp.dev', JWT_AUDIENCE: 'notes' };
it.each<[string, Changes, string]>([
  ['without an end', { JWT_PREVIOUS_KEY: secondKey }, 'JWT_PREVIOUS_KEY_UNTIL: is missing'],
  [
    'with an end alone',
    { JWT_PREVIOUS_KEY_UNTIL: soon() },
    'JWT_PREVIOUS_KEY_UNTIL: has no effect',
  ],
  [
    'with an end that has no zone',
    { JWT_PREVIOUS_KEY: secondKey, JWT_PREVIOUS_KEY_UNTIL: '2026-12-01T12:00:00' },
    'JWT_PREVIOUS_KEY_UNTIL: must be a time with its zone',
  ],
  [
    'with an end in a year',
    { JWT_PREVIOUS_KEY: secondKey, JWT_PREVIOUS_KEY_UNTIL: '2126-12-01T12:00:00Z' },
    'JWT_PREVIOUS_KEY_UNTIL: must be within 7 days',
  ],
  [
    'that is too short',
    { JWT_PREVIOUS_KEY: 'short', JWT_PREVIOUS_KEY_UNTIL: soon() },
    'JWT_PREVIOUS_KEY: HMAC key for HS256 must be at least 32 bytes',
  ],
  [
    'that is the current one',
    { JWT_PREVIOUS_KEY: hmacKey, JWT_PREVIOUS_KEY_UNTIL: soon() },
    'JWT_PREVIOUS_KEY: must not be the secret of FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY',
  ],
  [
    'for keys that the issuer publishes',
    {
      ...{ JWT_PREVIOUS_KEY: secondKey, JWT_PREVIOUS_KEY_UNTIL: soon() },
      ...{ JWT_ALGORITHM: 'RS256', JWT_PUBLIC_KEY: undefined },
      JWT_JWKS_URI: 'https://a.acme-corp.dev/jwks',
    },
    'JWT_PREVIOUS_KEY: has no effect',
  ],
])('SEC-13: refuses a previous key %s', async (_name, changes, sentence) => {
  const problems = await problemsOf({ ...shared, JWT_PUBLIC_KEY: hmacKey, ...changes });
  expect(problems).toEqual([expect.stringContaining(sentence)]);
});
