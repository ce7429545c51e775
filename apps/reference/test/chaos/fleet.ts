/** Instances behind balancers, with what they share behind relays that can be cut: one relay for each instance and service. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { type RedisServer, startRedis } from '@sallyport/test-parts/redis-server';
import { ask } from '@sallyport/test-parts/steady-load';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { type AloneTime, type Limited, readAlone } from './alone.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { type Relay, startRelay } from './relay.ts';

/** What instances share. */
export type Service = 'redis' | 'postgres' | 'authorization server';

/** A process that can be stopped, killed and started again. */
export interface Instance {
  readonly port: number;
  readonly relays: Readonly<Record<Service, Relay>>;
  /** Starts a process. It resolves when that serves. */
  start(): Promise<void>;
  /** Ends the process, and waits for its end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** When its processes limited without Redis. */
  readAlone(limited: Limited): Promise<readonly AloneTime[]>;
  /** The end of its log. */
  readEnd(): Promise<string>;
}

export interface Fleet {
  /** Of the notes server. */
  readonly instances: readonly Instance[];
  readonly balancer: Balancer;
  /** Of a server with sessions. Empty: there is none. */
  readonly sessionInstances: readonly Instance[];
  readonly sessionBalancer: Balancer | undefined;
  readonly authorizationServer: AuthorizationServer;
  readonly redis: RedisServer;
  readonly postgres: PostgresServer;
  readonly limits: Limits;
  stop(): Promise<void>;
}

/** Of all instances together. */
export interface Limits {
  readonly greedyCalls: number;
  readonly failures: number;
  readonly windowSeconds: number;
}

interface FleetOptions {
  readonly size: number;
  /** Whether there are as many instances of a server with sessions. */
  readonly hasSessions: boolean;
  /** Whether Redis and PostgreSQL have TLS, and users with few rights. */
  readonly isSecure: boolean;
  /** Of every instance, without their prefix. */
  readonly variables?: (redisUrl: string) => Readonly<Record<string, string>>;
}

export const resource = 'http://localhost:8000/mcp';
// Limits of up to ten are exact.
const limits: Limits = { greedyCalls: 10, failures: 10, windowSeconds: 5 };
const prefix = 'FASTMCP_SERVER_AUTH_';
const sessionSecret = 'rT8vN2xQ5kJ7yB3mZ6cD9fH1gL4pSaWe0uXiRoVbMqEw';
const rules =
  '~sallyport:* +set +info +eval +evalsha +time +hgetall +hset +hdel +pexpire +pttl +del';
const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { size, hasSessions, isSecure } = options;
  const [redis, postgres, authorizationServer] = await Promise.all([
    // The host of a secret address appears in no log, so it must not be the host of other servers.
    startRedis({ isDurable: true, ...(isSecure ? { isSecure, rules } : { host: '127.0.0.2' }) }),
    startPostgres({ isSecure }),
    startAuthorizationServer({ resources: [{ resource, scopes: ['read:data', 'write:data'] }] }),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'fleet-'));
  const places = { redis, postgres, authorizationServer, folder };
  const make = (program: readonly string[], count: number) =>
    Promise.all(Array.from({ length: count }, () => makeInstance(program, places, options)));
  const instances = await make([pathOf('../../dist/start.js')], size);
  const sessions = pathOf('./session-instance.ts');
  const sessionInstances = await make([sessions], hasSessions ? size : 0);
  const all = [...instances, ...sessionInstances];
  let balancer: Balancer | undefined;
  let sessionBalancer: Balancer | undefined;

  async function stop(): Promise<void> {
    await Promise.all([balancer?.stop(), sessionBalancer?.stop()]);
    await Promise.all(all.map((instance) => instance.end('SIGKILL')));
    await Promise.all(
      all.flatMap(({ relays }) => Object.values(relays).map((each) => each.stop())),
    );
    await Promise.all([redis.stop(), postgres.stop(), authorizationServer.stop()]);
    await rm(folder, { recursive: true, force: true });
  }

  const portsOf = (fleet: readonly Instance[]) => fleet.map(({ port }) => port);
  try {
    await Promise.all(all.map((instance) => instance.start()));
    balancer = await startBalancer(portsOf(instances));
    if (hasSessions) sessionBalancer = await startBalancer(portsOf(sessionInstances));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ instances, balancer, sessionInstances, sessionBalancer },
    ...{ authorizationServer, redis, postgres, limits, stop },
  };
}

interface Places {
  readonly redis: RedisServer;
  readonly postgres: PostgresServer;
  readonly authorizationServer: AuthorizationServer;
  /** For logs. */
  readonly folder: string;
}

async function makeInstance(
  program: readonly string[],
  { redis, postgres, authorizationServer, folder }: Places,
  { isSecure, variables: own = () => ({}) }: FleetOptions,
): Promise<Instance> {
  const jwks = new URL(authorizationServer.jwksUri);
  const relays = {
    redis: await startRelay(redis),
    postgres: await startRelay(postgres),
    'authorization server': await startRelay({ host: jwks.hostname, port: Number(jwks.port) }),
  };
  const port = await findFreePort();
  jwks.port = `${relays['authorization server'].port}`;
  const throughRelay = ({ url, port: direct }: { url: string; port: number }, relay: Relay) =>
    url.replace(`:${direct}`, `:${relay.port}`);
  const redisUrl = throughRelay(redis, relays.redis);
  const variables = {
    TYPE: 'jwt',
    RESOURCE_URL: resource,
    JWT_ISSUER: authorizationServer.issuer,
    JWT_AUDIENCE: resource,
    JWT_JWKS_URI: jwks.href,
    SESSION_SECRET: sessionSecret,
    RATE_LIMIT_REDIS_URL: redisUrl,
    RATE_LIMIT_MAX_ATTEMPTS: `${limits.failures}`,
    RATE_LIMIT_WINDOW_SECONDS: `${limits.windowSeconds}`,
    QUOTA_TOOLS: JSON.stringify({
      hello: { calls: limits.greedyCalls, windowSeconds: limits.windowSeconds },
    }),
    ...own(redisUrl),
  };
  const environment = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    ENVIRONMENT: 'development',
    PORT: `${port}`,
    SHUTDOWN_GRACE_SECONDS: '1',
    NOTES_DATABASE: throughRelay(postgres, relays.postgres),
    ...(isSecure && { NODE_EXTRA_CA_CERTS: redis.authority }),
    ...Object.fromEntries(Object.entries(variables).map(([name, text]) => [prefix + name, text])),
  };
  /** The log of each process, and when that ended. */
  const lives: { readonly log: string; endedAt: number }[] = [];
  let child: ChildProcess | undefined;
  const readLog = async (log: string) => (await readFile(log, 'utf8')).split('\n');

  const instance: Instance = {
    port,
    relays,

    async start() {
      const log = join(folder, `${port}-${lives.length}`);
      lives.push({ log, endedAt: Number.POSITIVE_INFINITY });
      const file = await open(log, 'w');
      // In a file: to read every line would keep this process from asking in time.
      const started = spawn(process.execPath, program, {
        env: environment,
        stdio: ['ignore', file.fd, file.fd],
      });
      child = started;
      await file.close();
      while ((await ask({ port, path: '/health' })).result !== 200) {
        if (started.exitCode !== null) {
          throw new Error(`ended with ${started.exitCode}: ${await instance.readEnd()}`);
        }
        await sleep(50);
      }
    },

    async end(signal) {
      const ending = child;
      child = undefined;
      if (ending !== undefined && ending.exitCode === null && ending.signalCode === null) {
        const ended = once(ending, 'close');
        ending.kill(signal);
        await ended;
      }
      const life = lives.at(-1);
      if (life !== undefined) life.endedAt = performance.now();
    },

    async readAlone(limited) {
      const times = await Promise.all(
        lives.map(async ({ log, endedAt }) =>
          readAlone(await readLog(log), limited).map(({ from, to }) => ({
            from,
            to: Math.min(to, endedAt),
          })),
        ),
      );
      return times.flat();
    },

    async readEnd() {
      const life = lives.at(-1);
      return life === undefined ? '' : (await readLog(life.log)).slice(-5).join('\n');
    },
  };
  return instance;
}
