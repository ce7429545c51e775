/** A composition that fails keeps no connection: the process could not end. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, Secret, type SecretProvider } from '@sallyport/core';
import { protect as protectExpress } from '@sallyport/protect/express';
import { protect as protectFastify } from '@sallyport/protect/fastify';
import { protect as protectFetch } from '@sallyport/protect/fetch';
import { protect as protectHono } from '@sallyport/protect/hono';
import { protect as protectNode } from '@sallyport/protect/node';
import { expect, it, onTestFinished } from 'vitest';
import type { Config } from '../src/config.ts';
import { createGateFromConfig, type GateOptions, settingsFrom } from '../src/index.ts';
import { followSecrets } from '../src/secrets/follow-secrets.ts';
import { load } from './set-up.ts';

const audit = { emit: () => {} };
/** Its type is right. The gate alone knows that it is no origin. */
const wrong: Partial<GateOptions> = { allowedOrigins: ['nowhere'] };

/** A port to which the limiter connects, and the connections that are open. */
async function startRedisPort() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(
      socket
        .on('error', () => {})
        .on('close', () => sockets.delete(socket))
        .resume(),
    );
  });
  let opened = 0;
  server.on('connection', () => {
    opened += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  /** How many connections there were. A client that was not closed connects anew after its second of silence. */
  const connections = async () => {
    for (const socket of sockets) await once(socket, 'close');
    await sleep(1_400);
    return opened;
  };
  return { url: `redis://127.0.0.1:${port}`, connections };
}

it.each(['RATE_LIMIT_REDIS_URL', 'DENIAL_LIST'])(
  'OPS-12: createGateFromConfig closes its connection to Redis if it throws: %s',
  async (variable) => {
    const redis = await startRedisPort();
    const config = await load({ [variable]: redis.url });

    await expect(createGateFromConfig(config, { tools: {}, audit, ...wrong })).rejects.toThrow(
      'allowedOrigins',
    );
    expect(await redis.connections()).toBe(1);
  },
);

it('OPS-12: says what is wrong with the settings, also if the secret backend cannot be closed', async () => {
  const config = await load({});
  const close = async () => expect.unreachable('gone');
  const secrets = { name: 'acme', get: async () => ({ found: false }) as const, close };

  await expect(
    settingsFrom({ ...config, secrets }, { tools: {}, audit, resource: 'nowhere' }),
  ).rejects.toThrow('gate.resource: must be an absolute URL');
});

const emptySecrets: SecretProvider = { name: 'acme', get: async () => ({ found: false }) };

const hosts: readonly (readonly [name: string, protect: (settings: never) => Promise<unknown>])[] =
  [
    ['Express', protectExpress],
    ['Fastify', protectFastify],
    ['Hono', protectHono],
    ['the Fetch API', (settings) => protectFetch(settings, () => new Response())],
    ['node:http', (settings) => protectNode(settings, () => {})],
  ];

it('OPS-12: settings that a host refuses leave no connection and no secrets open', async () => {
  const redis = await startRedisPort();
  const closed: string[] = [];
  await Promise.all(
    hosts.map(async ([name, protect]) => {
      const config = await load({ RATE_LIMIT_REDIS_URL: redis.url }, { secrets: secretsOf(name) });
      const settings = settingsFrom(config, { tools: {}, audit });
      const misspelt = settings.then((good) => ({ ...good, openPath: ['/health'] }));

      await expect(protect(misspelt as never)).rejects.toThrow('openPath');
    }),
  );

  expect(closed.toSorted()).toEqual(hosts.map(([name]) => name).toSorted());
  expect(await redis.connections()).toBe(hosts.length);

  function secretsOf(name: string): SecretProvider {
    return { ...emptySecrets, close: async () => void closed.push(name) };
  }
});

it.each<[string, Partial<GateOptions>]>([
  ['no tools', { audit }],
  ['a resource that is no URL', { audit, tools: {}, resource: 'mcp' }],
])('OPS-12: settingsFrom with %s closes the secrets', async (_case, options) => {
  const closed: string[] = [];
  const secrets = { ...emptySecrets, close: async () => void closed.push('secrets') };
  const config = await load({ TOOL_SCOPES: undefined }, { secrets });

  await expect(settingsFrom(config, options)).rejects.toThrow(ConfigError);
  expect(closed).toEqual(['secrets']);
});

it('OPS-12: createGateFromConfig leaves a limiter and a verifier of the server open', async () => {
  const closed: string[] = [];
  const close = (name: string) => async () => void closed.push(name);
  const config = await load({});
  const given = {
    rateLimiter: {
      close: close('limiter'),
      peek: () => expect.fail(),
      countFailure: () => expect.fail(),
    },
    verifier: { name: 'own', close: close('verifier'), verify: () => expect.fail() },
  };

  await expect(
    createGateFromConfig(config, { tools: {}, audit, ...given, ...wrong }),
  ).rejects.toThrow('allowedOrigins');
  expect(closed).toEqual([]);
});

it('OPS-12: secrets are not followed at all if one of them cannot be', async () => {
  const followed = new Set<string>();
  const secrets: SecretProvider = {
    name: 'acme',
    get: async () => ({ found: true, secret: new Secret('x'), version: '1' }),
    watch(name) {
      if (name === 'third') throw new Error('no such name');
      followed.add(name);
      return () => void followed.delete(name);
    },
  };
  const settings = ['first', 'second', 'third'].map((secret) => ({
    name: secret,
    origin: { secret },
  }));
  const config = { secrets, settings } as unknown as Config;
  const follower = {
    replaceKey: undefined,
    replaceSessionSecret: () => {},
    replaceAssertionKey: undefined,
    onEvent: () => {},
  };

  expect(() => followSecrets(config, follower)).toThrow('no such name');
  expect([...followed]).toEqual([]);
});
