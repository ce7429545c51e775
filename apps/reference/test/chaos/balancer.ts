/** A plain round-robin HTTP balancer with health checks. It repeats nothing that was sent. Sessions stay at their instance. */
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '@sallyport/test-parts/steady-load';
import type { Lag } from './model.ts';

/** A response with this field has no answer of an instance. */
export const ofBalancer = 'x-balancer';
/** Which instance has answered. */
export const ofInstance = 'x-instance';

// Shorter than at the instances, so that no request goes out on a connection that they close.
const idleMs = 2_000;
const healthEveryMs = 200;

export interface Balancer {
  readonly port: number;
  /** How long instances that served took for their health. */
  readonly lags: readonly Lag[];
  /** Whether an instance gets requests. */
  isServing(instance: number): boolean;
  stop(): Promise<void>;
}

/** @param ports Those of the instances. Resolves when all of them serve. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const healthy = new Set<number>();
  const lags: Lag[] = [];
  const agents = ports.map(() => new Agent({ keepAlive: true, maxSockets: 256, timeout: idleMs }));
  // The ids of sessions, with the instance that began each.
  const homes = new Map<string, number>();
  let next = 0;
  let isStopped = false;

  const watching = ports.map(async (port, instance) => {
    while (!isStopped) {
      const from = performance.now();
      const { result } = await ask({ port, path: '/health' });
      const to = performance.now();
      if (healthy.has(instance)) lags.push({ from, to });
      if (result === 200) healthy.add(instance);
      else healthy.delete(instance);
      await sleep(healthEveryMs);
      // This process may be late as well.
      lags.push({ from: to + healthEveryMs, to: performance.now() });
    }
  });
  function choose(tried: ReadonlySet<number>, session: string): number | undefined {
    const home = homes.get(session);
    if (home !== undefined && healthy.has(home) && !tried.has(home)) return home;
    for (let step = 0; step < ports.length; step += 1) {
      next = (next + 1) % ports.length;
      if (healthy.has(next) && !tried.has(next)) return next;
    }
    return undefined;
  }

  function fail(response: ServerResponse, status: number): void {
    if (response.headersSent) return void response.destroy();
    response.writeHead(status, { [ofBalancer]: 'true' }).end();
  }

  function forward(
    incoming: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    tried: Set<number>,
  ): void {
    const instance = choose(tried, String(incoming.headers['mcp-session-id']));
    if (instance === undefined) {
      fail(response, 503);
      return;
    }
    tried.add(instance);
    const sent = request(
      {
        ...{ host: '127.0.0.1', port: ports[instance], agent: agents[instance] },
        ...{ path: incoming.url, method: incoming.method },
        headers: { ...incoming.headers, 'content-length': body.length },
      },
      (answer) => {
        const begun = answer.headers['mcp-session-id'];
        if (typeof begun === 'string') homes.set(begun, instance);
        response.writeHead(answer.statusCode ?? 502, {
          ...answer.headers,
          [ofInstance]: `${instance}`,
        });
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      },
    );
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // Nothing was sent: another instance may have it.
      if (error.code === 'ECONNREFUSED') forward(incoming, response, body, tried);
      else fail(response, 502);
    });
    response.on('close', () => sent.destroy());
    sent.end(body);
  }

  const server = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    try {
      for await (const part of incoming) parts.push(part as Buffer);
    } catch {
      return;
    }
    forward(incoming, response, Buffer.concat(parts), new Set());
  }).listen(0, '127.0.0.1');
  // The callers close theirs.
  server.keepAliveTimeout = 600_000;
  await once(server, 'listening');
  while (healthy.size < ports.length) await sleep(50);

  return {
    port: (server.address() as AddressInfo).port,
    lags,
    isServing: (instance) => healthy.has(instance),

    async stop() {
      isStopped = true;
      await Promise.all(watching);
      for (const agent of agents) agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
