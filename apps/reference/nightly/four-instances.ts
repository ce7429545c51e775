/** Four processes and one Redis, under load, while access ends and Redis is killed and comes back. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { type Asked, ask, type Outcome, startSteadyLoad } from '../test/steady-load.ts';
import { findFreePort } from '../test/whole-life.ts';

/** What a row may use to end access, or to get credentials. */
export interface Stage {
  readonly redisUrl: string;
  readonly authorizationServer: AuthorizationServer;
  /** One call of a tool at one instance, 0 to 3. */
  readonly call: (instance: number, watched: Watched) => Promise<number | string>;
}

/** A caller that calls one tool at all instances, again and again. */
export interface Watched {
  readonly tool: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Pause between two calls at the same instance. */
  readonly everyMs: number;
}

/** One way to end access: a quota, a revoked key, a denied subject. */
export interface AccessRow<Name extends string> {
  /** Variables of every instance, without the prefix. */
  readonly variables: (redisUrl: string) => Readonly<Record<string, string>>;
  readonly watch: (stage: Stage) => Promise<Readonly<Record<Name, Watched>>>;
  /** Ends access. It resolves when the command that ends it has succeeded. */
  readonly end: (stage: Stage, watched: Readonly<Record<Name, Watched>>) => Promise<void>;
}

/** What a watched caller got. */
export interface Attempt {
  readonly instance: number;
  /** Milliseconds of `performance.now()`, when the answer came. */
  readonly at: number;
  readonly result: number | string;
}

/** What happened, in milliseconds of `performance.now()`. */
export interface FourLives<Name extends string> {
  readonly attempts: Readonly<Record<Name, readonly Attempt[]>>;
  /** Of callers who may come in all the time, 300 requests per second. */
  readonly others: readonly Outcome[];
  readonly endedAt: number;
  readonly killedAt: number;
  readonly backAt: number;
  readonly stoppedAt: number;
}

const instances = [0, 1, 2, 3] as const;
const perSecond = 300;
const otherCallers = 20;
const resource = 'http://localhost:8000/mcp';
const program = fileURLToPath(new URL('../dist/start.js', import.meta.url));
const prefix = 'FASTMCP_SERVER_AUTH_';

/** @param phaseMs How long to watch after access has ended, while Redis is away, and after it is back. */
export async function liveThroughOutage<Name extends string>(
  row: AccessRow<Name>,
  phaseMs = 15_000,
): Promise<FourLives<Name>> {
  const redis = await startRedis();
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
  const servers = await Promise.all(instances.map(() => startInstance(variables)));
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  // Watched callers do not wait for a connection behind the load.
  const watching = new Agent({ keepAlive: true });
  const asked = (instance: number, tool: string, headers: Watched['headers']): Asked => ({
    ...{ port: servers[instance]?.port ?? 0, path: '/tools/call', method: 'POST' },
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: tool, arguments: {} }),
  });
  const stage: Stage = {
    redisUrl: redis.url,
    authorizationServer,
    call: async (instance, { tool, headers }) =>
      (await ask({ ...asked(instance, tool, headers), agent: watching })).result,
  };
  let isOver = false;
  const attempts: Record<string, Attempt[]> = {};
  try {
    const tokens = await Promise.all(
      Array.from({ length: otherCallers }, (_, index) =>
        authorizationServer.mintToken({ sub: `other-${index}` }),
      ),
    );
    const load = startSteadyLoad(
      perSecond,
      tokens.flatMap((token) =>
        instances.map((instance) => ({
          ...asked(instance, 'whoami', { Authorization: `Bearer ${token}` }),
          agent,
        })),
      ),
    );
    const watched = await row.watch(stage);
    const watchers = Object.entries<Watched>(watched).flatMap(([name, each]) =>
      instances.map(async (instance) => {
        attempts[name] ??= [];
        while (!isOver) {
          const result = await stage.call(instance, each);
          attempts[name].push({ instance, at: performance.now(), result });
          await sleep(each.everyMs);
        }
      }),
    );
    await sleep(2_000);
    await row.end(stage, watched);
    const endedAt = performance.now();
    await sleep(phaseMs);
    await redis.kill();
    const killedAt = performance.now();
    await sleep(phaseMs);
    await redis.start();
    const backAt = performance.now();
    await sleep(phaseMs);
    const stoppedAt = performance.now();
    isOver = true;
    await Promise.all(watchers);
    const others = await load.stop();
    const times = { endedAt, killedAt, backAt, stoppedAt };
    return { attempts: attempts as Record<Name, Attempt[]>, others, ...times };
  } finally {
    isOver = true;
    for (const each of [agent, watching]) each.destroy();
    await Promise.all(servers.map(({ stop }) => stop()));
    await authorizationServer.stop();
    await redis.stop();
  }
}

function withPrefix(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [`${prefix}${name}`, value]),
  );
}

async function startInstance(variables: Readonly<Record<string, string>>) {
  const port = await findFreePort();
  const env = { PATH: process.env['PATH'], ENVIRONMENT: 'development', PORT: `${port}` };
  // To read 300 lines per second would keep this process from asking in time.
  const child = spawn(process.execPath, [program], {
    env: { ...env, ...variables },
    stdio: 'ignore',
  });
  const ended = once(child, 'close');
  while ((await ask({ port, path: '/health' })).result !== 200) {
    if (child.exitCode !== null) throw new Error(`an instance ended with ${child.exitCode}`);
    await sleep(50);
  }
  return {
    port,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

// Not that of the servers: the address is a secret, and no line of a log may have a part of it.
const host = '127.0.0.2';

/** What was written survives a kill: an operator who keeps revocations in Redis has it so. */
async function startRedis() {
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const options = ['--port', `${port}`, '--bind', host, '--dir', folder, '--save', ''];
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];
    child = spawn('redis-server', [...options, ...durable], { stdio: 'ignore' });
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
    url: `redis://${host}:${port}`,
    start,
    kill,
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether it has loaded what it wrote. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write('PING\r\n'));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
    socket.on('data', (bytes) => {
      resolve(`${bytes}`.startsWith('+PONG'));
      socket.destroy();
    });
  });
}
