/** Four processes and one Redis, under load, while access ends and Redis is killed and comes back. */
import { execFile } from 'node:child_process';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startRedis } from '@sallyport/test-parts/redis-server';
import {
  type Asked,
  ask,
  type Outcome,
  type SteadyLoad,
  startSteadyLoad,
} from '@sallyport/test-parts/steady-load';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import type { AloneTime } from '../test/chaos/alone.ts';
import { type ServerInstance, startInstance } from './server-instance.ts';

/** What a row may use to end access, or to get credentials. */
export interface Stage {
  readonly authorizationServer: AuthorizationServer;
  /** Runs `sallyport` with the variables of the instances. It returns what the command printed. */
  readonly command: (...words: readonly string[]) => Promise<string>;
  /** One call of a tool at one instance, 0 to 3. */
  readonly call: (instance: number, watched: Watched) => Promise<Outcome>;
}

/** A caller that calls one tool at all instances, again and again. */
export interface Watched {
  readonly tool: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Pause between two calls at the same instance. */
  readonly everyMs: number;
}

/** Callers, and how the access of some of them ends. */
export interface AccessRow<Name extends string, Ended extends Name> {
  /** Variables of every instance, without the prefix. */
  readonly variables: (redisUrl: string) => Readonly<Record<string, string>>;
  /** Runs before the instances start. */
  readonly watch: (stage: Stage) => Promise<Readonly<Record<Name, Watched>>>;
  /** Each ends one access. It resolves when the command that ends it has succeeded. */
  readonly end: Readonly<Record<Ended, (stage: Stage, watched: Watched) => Promise<void>>>;
}

/** What a watched caller got. The decision was between the two times, in milliseconds of `performance.now()`. */
export interface Attempt extends Pick<Outcome, 'sentAt' | 'endedAt' | 'result'> {
  /** 0 to 3, or 4 for the one that starts while Redis is away. */
  readonly instance: number;
}

/** What happened, in milliseconds of `performance.now()`. */
export interface FourLives<Name extends string, Ended extends Name> {
  readonly attempts: Readonly<Record<Name, readonly Attempt[]>>;
  /** Of callers who may come in all the time. */
  readonly others: readonly Outcome[];
  /** When the load had run for a while. */
  readonly warmAt: number;
  readonly endedAt: Readonly<Record<Ended, number>>;
  readonly killedAt: number;
  readonly backAt: number;
  readonly stoppedAt: number;
  /** For each instance, when it counted calls without Redis. */
  readonly alone: readonly (readonly AloneTime[])[];
}

const instances = [0, 1, 2, 3] as const;
const otherCallers = 20;
const warmUpMs = 5_000;
const resource = 'http://localhost:8000/mcp';
const prefix = 'FASTMCP_SERVER_AUTH_';
const sallyport = fileURLToPath(new URL('../node_modules/sallyport/dist/main.js', import.meta.url));

/** How hard and how long to try. */
interface LifeLoad {
  /** How long to watch after access has ended, while Redis is away, and after it is back. Default 15,000. */
  readonly phaseMs?: number;
  /** Requests of other callers. Default 300. */
  readonly perSecond?: number;
  /** Ends everything, such as when the test takes too long. */
  readonly signal: AbortSignal;
}

export async function liveThroughOutage<Name extends string, Ended extends Name>(
  row: AccessRow<Name, Ended>,
  { phaseMs = 15_000, perSecond = 300, signal }: LifeLoad,
): Promise<FourLives<Name, Ended>> {
  const redis = await startRedis({ host: '127.0.0.2', isDurable: true, signal });
  const authorizationServer = await startAuthorizationServer({
    resources: [{ resource, scopes: ['read:data', 'write:data'] }],
  });
  const variables = withPrefix({
    TYPE: 'jwt',
    RESOURCE_URL: resource,
    JWT_ISSUER: authorizationServer.issuer,
    JWT_AUDIENCE: resource,
    JWT_JWKS_URI: authorizationServer.jwksUri,
    ...row.variables(redis.url),
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  // Watched callers do not wait for a connection behind the load.
  const watching = new Agent({ keepAlive: true });
  const servers: ServerInstance[] = [];
  const asked = (instance: number, tool: string, headers: Watched['headers']): Asked => ({
    ...{ port: servers[instance]?.port ?? 0, path: '/tools/call', method: 'POST' },
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: tool, arguments: {} }),
  });
  const stage: Stage = {
    authorizationServer,
    async call(instance, { tool, headers }) {
      const request = { ...asked(instance, tool, headers), agent: watching };
      const outcome = await ask(request);
      return isIdleClose(outcome) ? ask(request) : outcome;
    },

    async command(...words) {
      const env = { PATH: process.env['PATH'], ENVIRONMENT: 'development', ...variables };
      const { stdout } = await promisify(execFile)(process.execPath, [sallyport, ...words], {
        env,
        signal,
      });
      return stdout;
    },
  };
  let isOver = false;
  const attempts: Record<string, Attempt[]> = {};
  const watchers: Promise<void>[] = [];
  let load: SteadyLoad | undefined;
  async function watch(instance: number, name: string, each: Watched): Promise<void> {
    attempts[name] ??= [];
    while (!isOver) {
      const { sentAt, endedAt, result } = await stage.call(instance, each);
      attempts[name].push({ instance, sentAt, endedAt, result });
      await sleep(each.everyMs);
    }
  }

  try {
    const watched = await row.watch(stage);
    const callers = Object.entries<Watched>(watched);
    const open = async () => servers.push(await startInstance(variables, signal)) - 1;
    await Promise.all(instances.map(open));
    const tokens = await Promise.all(
      Array.from({ length: otherCallers }, (_, index) =>
        authorizationServer.mintToken({ sub: `other-${index}` }),
      ),
    );
    load = startSteadyLoad(
      perSecond,
      tokens.flatMap((token) =>
        instances.map((instance) => ({
          ...asked(instance, 'whoami', { Authorization: `Bearer ${token}` }),
          agent,
        })),
      ),
    );
    for (const instance of instances) {
      watchers.push(...callers.map(([name, each]) => watch(instance, name, each)));
    }
    await sleep(warmUpMs, undefined, { signal });
    const warmAt = performance.now();
    const ends = Object.entries(row.end) as [Ended, (typeof row.end)[Ended]][];
    const endedAt = Object.fromEntries(
      await Promise.all(
        ends.map(async ([name, end]) => {
          await end(stage, watched[name]);
          return [name, performance.now()];
        }),
      ),
    ) as Record<Ended, number>;
    await sleep(phaseMs, undefined, { signal });
    await redis.kill();
    const killedAt = performance.now();
    const late = await open();
    watchers.push(...callers.map(([name, each]) => watch(late, name, each)));
    await sleep(phaseMs, undefined, { signal });
    await redis.start();
    const backAt = performance.now();
    await sleep(phaseMs, undefined, { signal });
    const stoppedAt = performance.now();
    isOver = true;
    await Promise.all(watchers);
    const others = await load.stop();
    const alone = await Promise.all(servers.splice(0).map(({ stop }) => stop()));
    const times = { warmAt, endedAt, killedAt, backAt, stoppedAt };
    return { attempts: attempts as Record<Name, Attempt[]>, others, alone, ...times };
  } finally {
    isOver = true;
    void load?.stop();
    for (const each of [agent, watching]) each.destroy();
    await Promise.all(servers.map(({ stop }) => stop()));
    await authorizationServer.stop();
    await redis.stop();
  }
}

/**
 * Whether the server closed an idle connection just when it was used again. It saw no request, and clients ask
 * again (RFC 9112 §9.3.1).
 */
export function isIdleClose({ isReused, result }: Outcome): boolean {
  return isReused && result === 'ECONNRESET';
}

function withPrefix(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [`${prefix}${name}`, value]),
  );
}
