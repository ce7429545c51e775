/** Each way to mount a protection works, or says in one sentence what to do. */
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { serve } from '@hono/node-server';
import { createMcpExpressApp } from '@modelcontextprotocol/express';
import type { OperationalEvent } from '@sallyport/core';
import type { AuthorizationServer } from '@sallyport/testing';
import express, { type Express, type Response as ExpressResponse, type Request } from 'express';
import express4 from 'express-4';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { protect as protectExpress } from '../src/express.ts';
import { protect as protectFastify } from '../src/fastify.ts';
import { protect as protectFetch } from '../src/fetch.ts';
import { protect as protectHono } from '../src/hono.ts';
import { protect as protectNode } from '../src/node.ts';
import {
  ask,
  type Listening,
  listening,
  otherResource,
  resource,
  right,
  settingsFor,
  startIssuer,
  typesOf,
} from './fixture.ts';

let issuer: AuthorizationServer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.stop());

type Settings = ReturnType<typeof settingsFor>;

interface Mounting {
  /** Where the endpoint is on the server. Default `/mcp`. */
  readonly path?: string;
  /** What the operator is told. Default nothing. */
  readonly sentence?: string;
  readonly start: (settings: Settings) => Promise<Listening>;
}

const reached = (_request: IncomingMessage, response: ServerResponse) =>
  void response.end('reached');

async function started(app: Express): Promise<Listening> {
  return listening(createServer(app));
}

const plain = (create: typeof express): Readonly<Record<string, Mounting>> => ({
  'for the whole application': {
    async start(settings) {
      const app = create();
      app.use(await protectExpress(settings));
      app.all('/mcp', reached);
      return started(app);
    },
  },
  'at a sub-path alone': {
    sentence: 'metadata_unreachable',
    async start(settings) {
      const app = create();
      app.use('/mcp', await protectExpress(settings));
      app.use('/mcp', reached);
      return started(app);
    },
  },
  'at a sub-path and at metadataPath': {
    async start(settings) {
      const app = create();
      const gated = await protectExpress(settings);
      app.use(['/mcp', gated.metadataPath], gated);
      app.all('/mcp', reached);
      return started(app);
    },
  },
  'at a sub-path and at metadataPath, with open paths': {
    async start(settings) {
      const app = create();
      const gated = await protectExpress({ ...settings, openPaths: ['/health'] });
      app.use(['/mcp', gated.metadataPath], gated);
      app.all('/mcp', reached);
      return started(app);
    },
  },
  'on a route alone': {
    sentence: 'metadata_unreachable',
    async start(settings) {
      const app = create();
      app.post('/mcp', await protectExpress(settings), reached);
      return started(app);
    },
  },
  'on a router below a path': {
    sentence: 'metadata_unreachable',
    path: '/api/mcp',
    async start(settings) {
      const app = create();
      const router = express.Router();
      router.use(await protectExpress(settings));
      router.all('/mcp', reached);
      app.use('/api', router as never);
      return started(app);
    },
  },
  twice: {
    async start(settings) {
      const app = create();
      const gated = await protectExpress(settings);
      app.use(gated);
      app.post('/mcp', gated, reached);
      return started(app);
    },
  },
  'behind a body parser': {
    async start(settings) {
      const app = create();
      app.use(create.json());
      app.use(await protectExpress(settings));
      app.all('/mcp', reached);
      return started(app);
    },
  },
  'behind parsers of other kinds': {
    async start(settings) {
      const app = create();
      app.use(create.urlencoded({ extended: true }), create.text(), create.raw());
      app.use(await protectExpress(settings));
      app.all('/mcp', reached);
      return started(app);
    },
  },
  'before a body parser': {
    async start(settings) {
      const app = create();
      app.use(await protectExpress(settings));
      app.use(create.json());
      app.all('/mcp', (request: Request, response: ExpressResponse) => {
        response.end(request.body?.method === 'tools/call' ? 'reached' : 'empty');
      });
      return started(app);
    },
  },
  'beside another endpoint': {
    async start(settings) {
      const app = create();
      const files = await protectExpress({ ...settings, resource: otherResource });
      const notes = await protectExpress({ ...settings, metadataAtRoot: false });
      app.use(['/files/mcp', files.metadataPath], files);
      app.use(['/mcp', notes.metadataPath], notes);
      app.all(['/mcp', '/files/mcp'], reached);
      return started(app);
    },
  },
});

const mountings: Readonly<Record<string, Readonly<Record<string, Mounting>>>> = {
  'Express 5': plain(express),
  'Express 4': plain(express4),

  'createMcpExpressApp()': {
    'behind its body parser': {
      async start(settings) {
        const app = createMcpExpressApp();
        app.use(await protectExpress(settings));
        app.all('/mcp', reached);
        return started(app);
      },
    },
  },

  'node:http': {
    'for the whole server': {
      start: async (settings) => listening(createServer(await protectNode(settings, reached))),
    },
    'beside another endpoint': {
      async start(settings) {
        const notes = await protectNode(settings, reached);
        const files = await protectNode({ ...settings, resource: otherResource }, reached);
        return listening(
          createServer((request, response) => {
            const isOfFiles = ['/files/mcp', files.metadataPath].includes(request.url ?? '');
            return isOfFiles ? files(request, response) : notes(request, response);
          }),
        );
      },
    },
  },

  Fastify: {
    'for the whole application': {
      async start(settings) {
        const app = fastify();
        await app.register(await protectFastify(settings));
        app.all('/mcp', async () => 'reached');
        return listeningFastify(app);
      },
    },
    'for the whole application, with a router that ignores final slashes': {
      async start(settings) {
        const app = fastify({ routerOptions: { ignoreTrailingSlash: true, caseSensitive: false } });
        await app.register(await protectFastify(settings));
        app.all('/mcp', async () => 'reached');
        return listeningFastify(app);
      },
    },
    'with a route for all addresses': {
      async start(settings) {
        const app = fastify();
        await app.register(await protectFastify(settings));
        app.all('/*', async () => 'reached');
        return listeningFastify(app);
      },
    },
    'below a prefix': {
      sentence: 'metadata_unreachable',
      path: '/api/mcp',
      async start(settings) {
        const app = fastify();
        const gated = await protectFastify(settings);
        await app.register(
          async (inner) => {
            await inner.register(gated);
            inner.all('/mcp', async () => 'reached');
          },
          { prefix: '/api' },
        );
        return listeningFastify(app);
      },
    },
    'before content type parsers': {
      async start(settings) {
        const app = fastify();
        await app.register(await protectFastify(settings));
        app.addContentTypeParser(
          'application/json',
          { parseAs: 'string' },
          (_request, _body, done) => done(null, { other: true }),
        );
        app.all('/mcp', async ({ body }) =>
          (body as { method?: string }).method === 'tools/call' ? 'reached' : 'other',
        );
        return listeningFastify(app);
      },
    },
    'beside another endpoint': {
      async start(settings) {
        const app = fastify();
        const endpoints = [
          ['/mcp', await protectFastify(settings)],
          ['/files/mcp', await protectFastify({ ...settings, resource: otherResource })],
        ] as const;
        for (const [path, gated] of endpoints) {
          await app.register(async (inner) => {
            await inner.register(gated);
            inner.all(path, async () => 'reached');
          });
        }
        return listeningFastify(app);
      },
    },
  },

  Hono: {
    'for the whole application': {
      async start(settings) {
        const app = new Hono();
        app.use(await protectHono(settings));
        app.all('/mcp', (context) => context.text('reached'));
        return listeningHono(app);
      },
    },
    'at a sub-path alone': {
      sentence: 'metadata_unreachable',
      async start(settings) {
        const app = new Hono();
        app.use('/mcp', await protectHono(settings));
        app.all('/mcp', (context) => context.text('reached'));
        return listeningHono(app);
      },
    },
    'at a sub-path and at metadataPath': {
      async start(settings) {
        const app = new Hono();
        const gated = await protectHono(settings);
        app.use('/mcp', gated);
        app.use(gated.metadataPath, gated);
        app.all('/mcp', (context) => context.text('reached'));
        return listeningHono(app);
      },
    },
    'on a route alone': {
      sentence: 'metadata_unreachable',
      async start(settings) {
        const app = new Hono();
        app.post('/mcp', await protectHono(settings), (context) => context.text('reached'));
        return listeningHono(app);
      },
    },
    'behind middleware that reads the body': {
      async start(settings) {
        const app = new Hono();
        app.use(async (context, next) => {
          await context.req.json().catch(() => undefined);
          await next();
        });
        app.use(await protectHono(settings));
        app.all('/mcp', (context) => context.text('reached'));
        return listeningHono(app);
      },
    },
    'beside another endpoint': {
      async start(settings) {
        const app = new Hono();
        const endpoints = [
          ['/mcp', await protectHono(settings)],
          ['/files/mcp', await protectHono({ ...settings, resource: otherResource })],
        ] as const;
        for (const [path, gated] of endpoints) {
          app.use(path, gated);
          app.use(gated.metadataPath, gated);
          app.all(path, (context) => context.text('reached'));
        }
        return listeningHono(app);
      },
    },
  },

  'the Fetch API': {
    'for everything': {
      async start(settings) {
        const gated = await protectFetch(
          { ...settings, clientAddress: () => '192.0.2.1' },
          () => new Response('reached'),
        );
        return listeningFetch(gated);
      },
    },
    'beside another endpoint': {
      async start(settings) {
        const given = { ...settings, clientAddress: () => '192.0.2.1' };
        const answer = () => new Response('reached');
        const notes = await protectFetch(given, answer);
        const files = await protectFetch({ ...given, resource: otherResource }, answer);
        return listeningFetch((request) => {
          const isOfFiles = ['/files/mcp', files.metadataPath].includes(
            new URL(request.url).pathname,
          );
          return isOfFiles ? files(request) : notes(request);
        });
      },
    },
  },
};

async function listeningFastify(app: ReturnType<typeof fastify>): Promise<Listening> {
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { url } = await listening(app.server);
  return { url, close: () => app.close() };
}

function listeningHono(app: Hono): Promise<Listening> {
  return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as never);
}

function listeningFetch(fetch: (request: globalThis.Request) => Promise<Response>) {
  return listening(serve({ fetch, port: 0, hostname: '127.0.0.1' }) as never);
}

const all = Object.entries(mountings).flatMap(([host, cases]) =>
  Object.entries(cases).map(([name, mounting]) => ({ host, name, ...mounting })),
);

/** Sentences about how the protection is mounted. */
const aboutMounting = [
  'metadata_unreachable',
  'gates_overlap',
  'body_consumed',
  'client_address_invalid',
];
const sentencesOf = (events: readonly OperationalEvent[]) =>
  typesOf(events).filter((type) => aboutMounting.includes(type));

describe.each(all)('$host, $name', ({ path = '/mcp', sentence, start }) => {
  it(sentence === undefined ? 'works, and says nothing' : `says ${sentence}, once`, async () => {
    const events: OperationalEvent[] = [];
    const server = await start(settingsFor(issuer, events));
    onTestFinished(() => server.close());

    const answers = await ask(server.url, issuer, { path });

    if (sentence === undefined) {
      expect(answers).toEqual(right);
      expect(sentencesOf(events)).toEqual([]);
    } else {
      expect(answers).toEqual({ ...right, metadata: 404 });
      expect(sentencesOf(events)).toEqual([sentence]);
      expect(events.find(({ type }) => type === sentence)?.['advice']).toMatch(/Mount /);
    }
  });
});

const pairs = all.filter(({ name }) => name === 'beside another endpoint');

describe.each(pairs)('$host, two endpoints in one application', ({ start }) => {
  it('keeps both endpoints apart', async () => {
    const server = await start(settingsFor(issuer));
    onTestFinished(() => server.close());
    const token = await issuer.issueToken({ resource, scopes: ['notes:write'] });
    const files = { path: '/files/mcp', of: otherResource };

    expect(await ask(server.url, issuer, files)).toEqual(right);
    const crossed = await fetch(`${server.url}/files/mcp`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: '{}',
    });
    expect(crossed.status).toBe(401);
  });
});

describe('two gates over the same request', () => {
  const both = (settings: Settings) =>
    [settings, { ...settings, resource: otherResource }] as const;
  const starts: Readonly<Record<string, (settings: Settings) => Promise<Listening>>> = {
    async Express(settings) {
      const app = express();
      for (const each of both(settings)) app.use(await protectExpress(each));
      app.all('/mcp', reached);
      return started(app);
    },
    async 'Express, one of them with open paths'(settings) {
      const app = express();
      const [first, second] = both(settings);
      app.use(await protectExpress({ ...first, openPaths: ['/health'] }));
      app.use(await protectExpress(second));
      return started(app);
    },
    async 'Express, on a route'(settings) {
      const app = express4();
      const [first, second] = both(settings);
      app.use(await protectExpress(first));
      app.all('/mcp', await protectExpress(second), reached);
      return started(app as never);
    },
    async Fastify(settings) {
      const app = fastify();
      for (const each of both(settings)) await app.register(await protectFastify(each));
      app.all('/mcp', async () => 'reached');
      return listeningFastify(app);
    },
    async Hono(settings) {
      const app = new Hono();
      for (const each of both(settings)) app.use(await protectHono(each));
      app.all('/mcp', (context) => context.text('reached'));
      return listeningHono(app);
    },
  };

  it.each(Object.keys(starts))(
    'are reported at the first request, a stranger’s: %s',
    async (name) => {
      const events: OperationalEvent[] = [];
      const server = await (starts[name] as (typeof starts)[string])(settingsFor(issuer, events));
      onTestFinished(() => server.close());

      expect((await fetch(`${server.url}/mcp`, { method: 'POST' })).status).toBe(401);
      expect(sentencesOf(events)).toEqual(['gates_overlap']);
    },
  );
});

describe('behind a proxy that strips a prefix (CASE-29)', () => {
  const prefixed = 'https://mcp.example.com/notes/mcp';

  it.each(['/notes', ''])(
    'serves metadata at its public and at its stripped address: %j',
    async (kept) => {
      const stripped = await startIssuer([prefixed]);
      onTestFinished(() => stripped.stop());
      const settings = { ...settingsFor(stripped), resource: prefixed };
      const app = express();
      app.use(await protectExpress(settings));
      app.all(`${kept}/mcp`, reached);
      const server = await started(app);
      // Below /.well-known/ the prefix stands behind the name of the document.
      const proxy = await listening(
        createServer((request, response) => {
          const path = (request.url ?? '').replace('/notes/mcp', `${kept}/mcp`);
          request.pipe(
            forward(
              server.url + path,
              { method: request.method, headers: request.headers },
              (answer) => {
                response.writeHead(answer.statusCode ?? 0, answer.headers);
                answer.pipe(response);
              },
            ),
          );
        }),
      );
      onTestFinished(async () => {
        await proxy.close();
        await server.close();
      });

      expect(await ask(proxy.url, stripped, { path: '/notes/mcp', of: prefixed })).toEqual(right);
    },
  );
});
