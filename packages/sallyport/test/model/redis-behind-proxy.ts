/** A real Redis. The gate reaches it through a proxy that fails, and the operator reaches it directly. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from '@sallyport/rate-limit-redis';
import { startRedis as startServer } from '@sallyport/test-parts/redis-server';
import { startFaultProxy } from '@sallyport/testing';

export const redisFaults = ['reset', 'silent'] as const;
export type RedisFault = (typeof redisFaults)[number];

type Client = Awaited<ReturnType<typeof connectRedis>>;

export interface RedisBehindProxy {
  /** Of the gate, for API keys and the denial list. */
  readonly client: Client;
  /** Of the gate, for its limit of failures: it gives up after 100 ms, and closes the connection then. */
  readonly limiterClient: Client;
  /** Of the operator. */
  readonly direct: Client;
  fault(fault: RedisFault): Promise<void>;
  /** Resolves when the gate is connected again. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

// More than the 1.5 seconds that a denial list waits for.
const timeoutSeconds = 5;

export async function startRedis(): Promise<RedisBehindProxy> {
  const server = await startServer();
  const direct = await connectRedis({ url: server.url, timeoutSeconds });
  await untilAnswered(direct);
  const proxy = await startFaultProxy({ target: { host: server.host, port: server.port } });
  const url = `redis://127.0.0.1:${proxy.port}`;
  const client = await connectRedis({ url, timeoutSeconds });
  const limiterClient = await connectRedis({ url });
  await Promise.all([client, limiterClient].map(untilAnswered));
  return {
    client,
    limiterClient,
    direct,

    async fault(fault) {
      await proxy.fault({ kind: fault === 'silent' ? 'black-hole' : 'reset' });
    },

    async restore() {
      // A connection that has lost bytes stays lost.
      await proxy.fault({ kind: 'reset' });
      await proxy.clear();
      await Promise.all([client, limiterClient].map(untilAnswered));
    },

    async stop() {
      client.disconnect();
      limiterClient.disconnect();
      direct.disconnect();
      await proxy.stop();
      await server.stop();
    },
  };
}

async function untilAnswered(client: Client): Promise<void> {
  while ((await client.ping().catch(() => undefined)) !== 'PONG') await sleep(5);
}
