/** A composition that fails keeps no connection: the process could not end. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret, type SecretProvider } from '@sallyport/core';
import { expect, it, onTestFinished } from 'vitest';
import type { Config } from '../src/config.ts';
import { createGateFromConfig, type GateOptions } from '../src/index.ts';
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
