/** What is under load: two processes of the reference server, a gated proxy, and what they use. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { startRedis } from '@sallyport/test-parts/redis-server';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { statusOfHealth } from '../programs/status-of-health.ts';
import type { Sample } from './probe.ts';
import type { ProxyTask } from './serve-proxy.ts';

/** The MCP endpoint that tokens are for. */
export const resource = 'http://localhost:8000/mcp';
const prefix = 'FASTMCP_SERVER_AUTH_';
const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const startLimitMs = 60_000;
const stopLimitMs = 20_000;

/** A server under load. */
export interface Target {
  readonly name: string;
  readonly kind: 'reference' | 'proxy';
  readonly port: number;
  sample(): Promise<Sample>;
  /** Sends SIGTERM. Resolves to the exit code, or to the signal that ended the process. */
  stop(): Promise<number | string>;
}

export interface Site {
  readonly authorizationServer: AuthorizationServer;
  readonly targets: readonly Target[];
  /** Ends everything. Resolves to the targets that did not end with exit code 0, with what they ended with. */
  stop(): Promise<readonly string[]>;
}

/** @throws {Error} When a part does not start. */
export async function startSite(): Promise<Site> {
  const redis = await startRedis();
  const authorizationServer = await startAuthorizationServer({
    resources: [{ resource, scopes: ['read:data', 'write:data'], accessTokenTtlSeconds: 86_400 }],
  });
  const upstream = fork(pathOf('../programs/serve-upstream.ts'), { stdio: 'inherit' });
  const targets: Target[] = [];
  const stop = async (): Promise<readonly string[]> => {
    const ends = await Promise.all(
      targets.map(async (target) => [target.name, await target.stop()] as const),
    );
    upstream.kill();
    await Promise.all([authorizationServer.stop(), redis.stop()]);
    return ends.filter(([, end]) => end !== 0).map(([name, end]) => `${name}: ${end}`);
  };
  try {
    const [upstreamPort] = (await once(upstream, 'message')) as [number];
    for (const number of [1, 2]) {
      targets.push(await startReference(`reference ${number}`, authorizationServer, redis.url));
    }
    targets.push(
      await startProxy({
        issuer: authorizationServer.issuer,
        keysUrl: authorizationServer.jwksUri,
        resource,
        redisUrl: redis.url,
        upstreamUrl: `http://127.0.0.1:${upstreamPort}/mcp`,
      }),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { authorizationServer, targets, stop };
}

async function startReference(
  name: string,
  { issuer, jwksUri }: AuthorizationServer,
  redisUrl: string,
): Promise<Target> {
  const port = await findFreePort();
  const variables = {
    TYPE: 'jwt',
    RESOURCE_URL: resource,
    TRUSTED_PROXY_HOPS: '1',
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: resource,
    JWT_JWKS_URI: jwksUri,
    RATE_LIMIT_REDIS_URL: redisUrl,
  };
  const child = fork(pathOf('../../../reference/dist/start.js'), {
    env: {
      ENVIRONMENT: 'development',
      PORT: `${port}`,
      ...Object.fromEntries(Object.entries(variables).map(([key, text]) => [prefix + key, text])),
    },
    execArgv: ['--expose-gc', '--import', new URL('probe.ts', import.meta.url).href],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const deadline = performance.now() + startLimitMs;
  while ((await statusOfHealth(port)) !== 200) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not start`);
    }
    await sleep(50);
  }
  return toTarget({ name, kind: 'reference', port }, child);
}

async function startProxy(task: ProxyTask): Promise<Target> {
  const child = fork(pathOf('serve-proxy.ts'), [JSON.stringify(task)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => [undefined]);
  const [port] = (await Promise.race([once(child, 'message'), ended])) as [number | undefined];
  if (port === undefined) throw new Error('the proxy did not start');
  return toTarget({ name: 'proxy', kind: 'proxy', port }, child);
}

function toTarget(target: Pick<Target, 'name' | 'kind' | 'port'>, child: ChildProcess): Target {
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  return {
    ...target,

    async sample() {
      const answered = once(child, 'message') as Promise<[Sample]>;
      child.send('sample');
      const [sample] = await Promise.race([
        answered,
        ended.then((): never => {
          throw new Error(`${target.name} has ended`);
        }),
      ]);
      return sample;
    },

    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      const [code, signal] = await ended;
      clearTimeout(timer);
      return code ?? signal ?? 'unknown';
    },
  };
}
