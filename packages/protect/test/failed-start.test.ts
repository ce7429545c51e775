/** A composition that fails leaves nothing open. */
import { ConfigError, detectEnvironment, Secret } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { protect as protectExpress } from '../src/express.ts';
import { protect as protectFastify } from '../src/fastify.ts';
import { protect as protectFetch } from '../src/fetch.ts';
import { protect as protectHono } from '../src/hono.ts';
import { protect as protectNode } from '../src/node.ts';

type Settings = Readonly<Record<string, unknown>>;

const resource = 'https://mcp.example.com/mcp';
const environment = detectEnvironment({ ENVIRONMENT: 'development' });
const handler = () => new Response();

const hosts: Readonly<Record<string, (settings: Settings) => Promise<unknown>>> = {
  Express: (settings) => protectExpress(settings as never),
  Fastify: (settings) => protectFastify(settings as never),
  Hono: (settings) => protectHono(settings as never),
  'the Fetch API': (settings) => protectFetch(settings as never, handler),
  'node:http': (settings) => protectNode(settings as never, handler as never),
};

/** Each value has the right type, and does not fit. */
const wrong: Readonly<Record<string, Settings>> = {
  'an open path that leads to the endpoint': { openPaths: ['/mcp/notes'], openHandler: handler },
  'an open path that is a pattern': { openPaths: ['/health*'], openHandler: handler },
  'too many proxies': { trustedProxyHops: 51 },
  'two ways to authenticate': { issuer: 'https://auth.example.com' },
  'a resource that is no URL': { resource: 'mcp' },
  'a scope with a space': { tools: { read_note: ['notes read'] } },
  'a hierarchy with a circle': { scopeHierarchy: { a: ['b'], b: ['a'] } },
  'an origin that is none': { allowedOrigins: ['nowhere'] },
  'a short session secret': { sessionSecret: new Secret('short') },
  'a body limit of 0': { maximumBodyBytes: 0 },
  'a check every 0 seconds': { streamCheckSeconds: 0 },
  'an authorization server that is no URL': { authorizationServers: ['auth'] },
};
const ofTwoHosts = ['the Fetch API', 'node:http'];

/** Settings that open a timer and follow something. */
function setUp(changes: Settings) {
  const opened: string[] = [];
  const disposed: string[] = [];
  const settings: Settings = {
    resource,
    environment,
    tools: {},
    dangerouslyOmitAuthentication: true,
    onEvent: ({ type }: { readonly type: string }) => void opened.push(type),
    connect: () => {
      opened.push('connect');
      return () => {};
    },
    dispose: async () => void disposed.push('once'),
    ...changes,
  };
  return { settings, opened, disposed };
}

describe.each(Object.entries(hosts))('OPS-12: protect for %s', (name, protect) => {
  const takesHandler = ofTwoHosts.includes(name);

  it.each(Object.entries(wrong))('opens nothing if it refuses %s', async (_case, changes) => {
    const { openHandler: _only, ...others } = changes;
    const { settings, opened, disposed } = setUp(takesHandler ? changes : others);

    await expect(protect(settings)).rejects.toThrow(ConfigError);
    expect({ opened, disposed }).toEqual({ opened: [], disposed: ['once'] });
  });

  it.each<[string, Settings]>([
    ['an unknown setting', { openPath: [] }],
    ['a setting of the wrong type', { tools: 7 }],
  ])('disposes of what the settings opened if it refuses %s', async (_case, changes) => {
    const { settings, opened, disposed } = setUp(changes);

    await expect(protect(Promise.resolve(settings) as never)).rejects.toThrow(ConfigError);
    expect({ opened, disposed }).toEqual({ opened: [], disposed: ['once'] });
  });

  it.each([
    ['is no function', 7],
    ['throws', () => Promise.reject(new Error('of dispose'))],
  ])('tells of the setting that is wrong where dispose %s', async (_case, dispose) => {
    const { settings } = setUp({ dispose, allowedOrigins: ['nowhere'] });

    await expect(protect(settings)).rejects.toThrow(ConfigError);
  });

  it('opens its timer and its followers if everything fits', async () => {
    const { settings, opened, disposed } = setUp({});
    const { close } = (await protect(settings)) as { readonly close: () => Promise<void> };
    await close();

    expect({ opened, disposed }).toEqual({
      opened: ['connect', 'authentication_omitted'],
      disposed: [],
    });
  });

  it('opens no timer if the settings cannot be connected', async () => {
    const problem = new ConfigError('gate.sessionSecret', 'is too short');
    const { settings, opened, disposed } = setUp({
      connect: () => {
        throw problem;
      },
    });

    await expect(protect(settings)).rejects.toThrow(
      new ConfigError('protect.sessionSecret', 'is too short'),
    );
    expect({ opened, disposed }).toEqual({ opened: [], disposed: ['once'] });
  });
});

it.each([
  ['openPaths without openHandler', { openPaths: ['/health'] }],
  ['openHandler without openPaths', { openHandler: handler }],
])('OPS-12: %s opens nothing', async (_case, changes) => {
  for (const name of ofTwoHosts) {
    const { settings, opened } = setUp(changes);

    await expect(hosts[name]?.(settings)).rejects.toThrow(ConfigError);
    expect(opened).toEqual([]);
  }
});

it('OPS-12: a missing handler opens nothing', async () => {
  for (const protect of [protectFetch, protectNode]) {
    const { settings, opened } = setUp({});

    await expect(protect(settings as never, undefined as never)).rejects.toThrow(ConfigError);
    expect(opened).toEqual([]);
  }
});

it('OPS-12: a wrong clientAddress opens nothing', async () => {
  const { settings, opened } = setUp({ clientAddress: 'the socket' });

  await expect(hosts['Hono']?.(settings)).rejects.toThrow(ConfigError);
  expect(opened).toEqual([]);
});
