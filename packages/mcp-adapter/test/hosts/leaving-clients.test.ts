/** Clients that disconnect, at every time that a request has, on every host. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { type AuditEvent, AuthError, type Principal, type TokenVerifier } from '@sallyport/core';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expressGate } from '../../src/express.ts';
import { fastifyGate } from '../../src/fastify.ts';
import { fetchGate } from '../../src/fetch.ts';
import { honoGate } from '../../src/hono.ts';
import type { McpGate } from '../../src/index.ts';
import { nodeGate } from '../../src/node.ts';
import { createTestGate, createTestGuard, principal, tokens, toolCall } from '../fixture.ts';

/** What stands behind a gate: it says when it was reached, and then waits to be released. */
interface Site {
  readonly gate: McpGate;
  /** Whether the answer begins at once. */
  readonly streams: boolean;
  readonly reached: () => void;
  readonly released: Promise<void>;
  /** What came to the framework's own error handler. */
  readonly failed: (error: unknown) => void;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;
type Start = (site: Site) => Listener | Promise<Listener>;

const answerOnNode =
  ({ reached, released, streams }: Site) =>
  async (_request: unknown, response: ServerResponse) => {
    if (streams) response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': open');
    reached();
    await released;
    response.end('late');
  };
const answerOnFetch = async ({ reached, released, streams }: Site) => {
  reached();
  if (streams) {
    const stream = new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode(': open'));
        await released;
        controller.close();
      },
    });
    return new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } });
  }
  await released;
  return new Response('late');
};
/** The listener that `@hono/node-server` makes. */
const listenerOf = (fetch: (request: Request) => Response | Promise<Response>): Listener => {
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' }) as Server;
  onTestFinished(() => void server.close());
  return server.listeners('request')[0] as Listener;
};

const hosts: Readonly<Record<string, Start>> = {
  node: (site) => {
    const listener = nodeGate(site.gate, answerOnNode(site));
    return (request, response) => void listener(request, response).catch(site.failed);
  },
  express: (site) => {
    const app = express();
    app.use(expressGate(site.gate));
    app.all('/mcp', answerOnNode(site) as never);
    app.use(((error, _request, response, _next) => {
      site.failed(error);
      response.end();
    }) as express.ErrorRequestHandler);
    return app as unknown as Listener;
  },
  fastify: async (site) => {
    const app = fastify();
    await app.register(fastifyGate(site.gate));
    app.setErrorHandler((error) => {
      site.failed(error);
      return 'failed';
    });
    app.all('/*', async (request, reply) => {
      if (!site.streams) {
        site.reached();
        await site.released;
        return 'late';
      }
      reply.hijack();
      return answerOnNode(site)(request, reply.raw);
    });
    await app.ready();
    onTestFinished(() => app.close());
    return app.routing as Listener;
  },
  hono: (site) => {
    const app = new Hono();
    app.use(honoGate(site.gate, () => '192.0.2.1') as never);
    app.all('/mcp', () => answerOnFetch(site));
    app.onError((error) => {
      site.failed(error);
      return new Response('failed', { status: 500 });
    });
    return listenerOf(app.fetch as (request: Request) => Promise<Response>);
  },
  fetch: (site) => {
    const gated = fetchGate(site.gate, () => answerOnFetch(site));
    return listenerOf((request) => gated(request, '192.0.2.1'));
  },
};

const body = JSON.stringify(toolCall('list'));

async function startSite(
  start: Start,
  createAnyServer: (listener: Listener) => Server,
  { verify, streams = false }: { verify?: TokenVerifier['verify']; streams?: boolean } = {},
) {
  const audit: AuditEvent[] = [];
  const events: unknown[] = [];
  const statuses: number[] = [];
  const errors: unknown[] = [];
  let closed = 0;
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const gate = createTestGate({
    guard: createTestGuard({ events: audit, ...(verify && { verify }) }),
    onEvent: ({ type }) => events.push(type),
  });
  const listener = await start({
    gate,
    streams,
    reached: reached.resolve,
    released: released.promise,
    failed: (error) => errors.push(error),
  });
  const server = createAnyServer((request, response) => {
    response.once('finish', () => statuses.push(response.statusCode));
    response.once('close', () => {
      closed += 1;
    });
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const untilClosed = () => expect.poll(() => closed).toBeGreaterThan(0);
  return {
    port: (server.address() as AddressInfo).port,
    reached: reached.promise,
    release: released.resolve,
    fail: released.reject,
    audit,
    untilClosed,
    /** What went wrong, after the server noticed that its client left. */
    async faults() {
      await untilClosed();
      await sleep(50);
      const refused = audit.filter(({ event }) => event === 'refused');
      return { refused, events, errors, failures: statuses.filter((status) => status >= 500) };
    },
  };
}

const none = { refused: [], events: [], errors: [], failures: [] };

interface Client {
  /** Sends the head, and so much of the body. */
  send(bytes: number): void;
  leave(): void;
}

const protocols: Readonly<
  Record<string, readonly [(listener: Listener) => Server, (port: number) => Promise<Client>]>
> = {
  'HTTP/1.1': [
    (listener) => createServer(listener),
    async (port) => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      return {
        send: (bytes) => {
          const head = `POST /mcp HTTP/1.1\r\nHost: mcp.example.com\r\nAuthorization: Bearer ${tokens.read}`;
          const fields = `Content-Type: application/json\r\nContent-Length: ${body.length}`;
          socket.write(`${head}\r\n${fields}\r\n\r\n${body.slice(0, bytes)}`);
        },
        leave: () => socket.resetAndDestroy(),
      };
    },
  ],
  'HTTP/2': [
    (listener) => createHttp2Server(listener as never) as unknown as Server,
    async (port) => {
      const session = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => {});
      await once(session, 'connect');
      let stream: ReturnType<typeof session.request> | undefined;
      return {
        send: (bytes) => {
          stream = session.request({
            ':method': 'POST',
            ':path': '/mcp',
            ':authority': 'mcp.example.com',
            authorization: `Bearer ${tokens.read}`,
            'content-type': 'application/json',
            'content-length': String(body.length),
          });
          stream.on('error', () => {});
          if (bytes < body.length) stream.write(body.slice(0, bytes));
          else stream.end(body);
        },
        leave: () => session.destroy(),
      };
    },
  ],
};

const pairs = Object.entries(hosts).flatMap(([host, start]) =>
  Object.entries(protocols)
    // Express and Fastify have their own request classes for HTTP/1.1.
    .filter(([protocol]) => protocol === 'HTTP/1.1' || ['node', 'hono', 'fetch'].includes(host))
    .map(([protocol, parts]) => [`${host}, ${protocol}`, start, ...parts] as const),
);

/** Resolves when the server knows that the client has left. */
async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

describe.each(pairs)('%s', (_name, start, createAnyServer, open) => {
  it.each([
    ['before its body', 0],
    ['in the middle of its body', 20],
  ])('CASE-71: a client that leaves %s is no error', async (_when, bytes) => {
    const site = await startSite(start, createAnyServer);
    const client = await open(site.port);
    client.send(bytes);
    await expect.poll(() => site.audit.length).toBe(1);
    client.leave();

    expect(await site.faults()).toEqual(none);
  });

  it('CASE-71: a client that leaves while its token is verified is no error', async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const outage = Promise.withResolvers<Principal>();
    const verify: TokenVerifier['verify'] = (_token, { signal }) => {
      asked.resolve(signal);
      return outage.promise;
    };
    const site = await startSite(start, createAnyServer, { verify });
    const client = await open(site.port);
    client.send(body.length);
    const signal = await asked.promise;
    client.leave();
    await aborted(signal);
    outage.reject(new AuthError('upstream_unavailable', { detail: 'aborted' }));

    expect(await site.faults()).toEqual(none);
    expect(site.audit).toMatchObject([{ event: 'abandoned' }]);
  });

  it('CASE-71: a client that leaves when its token was verified starts nothing', async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const verified = Promise.withResolvers<Principal>();
    const verify: TokenVerifier['verify'] = (_token, { signal }) => {
      asked.resolve(signal);
      return verified.promise;
    };
    const site = await startSite(start, createAnyServer, { verify });
    let isReached = false;
    void site.reached.then(() => {
      isReached = true;
    });
    const client = await open(site.port);
    client.send(body.length);
    const signal = await asked.promise;
    client.leave();
    await aborted(signal);
    verified.resolve(principal);

    expect(await site.faults()).toEqual(none);
    expect(isReached).toBe(false);
  });

  it.each([
    ['while the tool runs', false],
    ['during a stream', true],
  ])('CASE-71: a client that leaves %s is no error', async (_when, streams) => {
    const site = await startSite(start, createAnyServer, { streams });
    const client = await open(site.port);
    client.send(body.length);
    await site.reached;
    client.leave();
    await site.untilClosed();
    site.release();

    expect(await site.faults()).toEqual(none);
  });

  it('CASE-71: a handler that fails because its client left is not reported', async () => {
    const site = await startSite(start, createAnyServer);
    const client = await open(site.port);
    client.send(body.length);
    await site.reached;
    client.leave();
    await site.untilClosed();
    site.fail(new DOMException('This operation was aborted', 'AbortError'));
    const { refused, events } = await site.faults();

    expect({ refused, events }).toEqual({ refused: [], events: [] });
  });
});
