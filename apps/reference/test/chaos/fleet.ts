/** Four instances, with what they share behind relays that can be cut: one relay for each instance and service. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { findFreePort } from '../test/free-port.ts';
import { type PostgresServer, startPostgres } from '../test/postgres-server.ts';
import { ask } from '../test/steady-load.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { type Relay, startRelay } from './relay.ts';

/** What instances share. */
export type Service = 'redis' | 'postgres' | 'authorization server';

/** A process that can be stopped, killed and started again. */
export interface Instance {
  readonly port: number;
  readonly relays: Readonly<Record<Service, Relay>>;
  start(): Promise<void>;
  /** Ends the process, and waits for its end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** A service that all instances use. */
export interface Restartable {
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface Fleet {
  /** Of the notes server. */
  readonly instances: readonly Instance[];
  readonly balancer: Balancer;
  /** Of a server with sessions. */
  readonly sessionInstances: readonly Instance[];
  readonly sessionBalancer: Balancer;
  readonly authorizationServer: AuthorizationServer;
  readonly redis: Restartable;
  readonly postgres: Restartable;
  readonly limits: { readonly greedyCalls: number; readonly windowSeconds: number };
  stop(): Promise<void>;
}

export const fleetSize = 4;
export const resource = 'http://localhost:8000/mcp';
const limits = { greedyCalls: 20, windowSeconds: 10 };
const prefix = 'FASTMCP_SERVER_AUTH_';
const sessionSecret = 'rT8vN2xQ5kJ7yB3mZ6cD9fH1gL4pSaWe0uXiRoVbMqEw';
const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export async function startFleet(): Promise<Fleet> {
  const [redis, postgres, authorizationServer] = await Promise.all([
    startRedis(),
    startPostgres(),
    startAuthorizationServer({
      resources: [{ resource, scopes: ['read:data', 'write:data'] }],
    }),
  ]);
  const places = { redis, postgres, authorizationServer };
  const make = (program: readonly string[]) =>
    Promise.all(Array.from({ length: fleetSize }, () => makeInstance(program, places)));
  const instances = await make([pathOf('../dist/start.js')]);
  const sessionInstances = await make([...process.execArgv, pathOf('./session-instance.ts')]);
  const all = [...instances, ...sessionInstances];
  await Promise.all(all.map((instance) => instance.start()));
  const portsOf = (fleet: readonly Instance[]) => fleet.map(({ port }) => port);
  const balancer = await startBalancer(portsOf(instances));
  const sessionBalancer = await startBalancer(portsOf(sessionInstances));
  return {
    ...{ instances, balancer, sessionInstances, sessionBalancer },
    ...{ authorizationServer, redis, postgres, limits },

    async stop() {
      await Promise.all([balancer.stop(), sessionBalancer.stop()]);
      await Promise.all(all.map((instance) => instance.end('SIGKILL')));
      await Promise.all(all.flatMap(({ relays }) => Object.values(relays).map((r) => r.stop())));
      await Promise.all([redis.stop(), postgres.stop(), authorizationServer.stop()]);
    },
  };
}

interface Places {
  readonly redis: { readonly port: number };
  readonly postgres: PostgresServer;
  readonly authorizationServer: AuthorizationServer;
}

async function makeInstance(
  program: readonly string[],
  { redis, postgres, authorizationServer }: Places,
): Promise<Instance> {
  const jwks = new URL(authorizationServer.jwksUri);
  const relays = {
    redis: await startRelay({ host: '127.0.0.1', port: redis.port }),
    postgres: await startRelay({ host: '127.0.0.1', port: postgres.port }),
    'authorization server': await startRelay({ host: jwks.hostname, port: Number(jwks.port) }),
  };
  const port = await findFreePort();
  jwks.port = `${relays['authorization server'].port}`;
  const redisUrl = `redis://127.0.0.1:${relays.redis.port}`;
  const variables = {
    TYPE: 'jwt',
    RESOURCE_URL: resource,
    JWT_ISSUER: authorizationServer.issuer,
    JWT_AUDIENCE: resource,
    JWT_JWKS_URI: jwks.href,
    SESSION_SECRET: sessionSecret,
    RATE_LIMIT_REDIS_URL: redisUrl,
    RATE_LIMIT_MAX_ATTEMPTS: '30',
    RATE_LIMIT_WINDOW_SECONDS: `${limits.windowSeconds}`,
    QUOTA_TOOLS: JSON.stringify({
      hello: { calls: limits.greedyCalls, windowSeconds: limits.windowSeconds },
    }),
  };
  const environment = {
    ENVIRONMENT: 'development',
    PORT: `${port}`,
    SHUTDOWN_GRACE_SECONDS: '1',
    NOTES_DATABASE: postgres.url
      .replace(/127\.0\.0\.\d/, '127.0.0.1')
      .replace(`:${postgres.port}/`, `:${relays.postgres.port}/`),
    ...Object.fromEntries(Object.entries(variables).map(([name, text]) => [prefix + name, text])),
  };
  let child: ChildProcess | undefined;

  return {
    port,
    relays,

    async start() {
      // To read every line would keep this process from asking in time.
      const started = spawn(process.execPath, program, {
        env: { PATH: process.env['PATH'], ...environment },
        stdio: 'ignore',
      });
      child = started;
      while ((await ask({ port, path: '/health' })).result !== 200) {
        if (started.exitCode !== null) throw new Error(`ended with ${started.exitCode}`);
        await sleep(50);
      }
    },

    async end(signal) {
      const ending = child;
      child = undefined;
      if (ending === undefined || ending.exitCode !== null) return;
      const ended = once(ending, 'close');
      ending.kill(signal);
      await ended;
    },
  };
}

/** What was written survives a kill. */
async function startRedis() {
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn('redis-server', [...options, '--appendonly', 'yes'], { stdio: 'ignore' });
    while (!(await answers(port))) await sleep(20);
  }

  async function kill(): Promise<void> {
    if (child === undefined) return;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
    child = undefined;
  }

  await start();
  return {
    port,
    start,
    kill,
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.on('error', () => resolve(false));
    socket.on('data', (bytes) => {
      resolve(`${bytes}`.startsWith('+PONG'));
      socket.destroy();
    });
  });
}
