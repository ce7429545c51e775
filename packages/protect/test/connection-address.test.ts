import { expect, it } from 'vitest';
import { behindProxies, readConnectionAddress } from '../src/hosts/connection-address.ts';
import { type Runtime, readEnvironment, readRuntime } from '../src/runtime.ts';

const everyField = {
  'CF-Connecting-IP': '192.0.2.66',
  'X-Forwarded-For': '192.0.2.66',
  Forwarded: 'for=192.0.2.66',
  'X-Real-IP': '192.0.2.66',
  'True-Client-IP': '192.0.2.66',
};
const request = new Request('https://mcp.example.com/mcp', { headers: everyField });

const cases: readonly (readonly [Runtime, readonly unknown[], string | undefined])[] = [
  ['workers', [{}], '192.0.2.66'],
  ['deno', [{ remoteAddr: { hostname: '198.51.100.7' } }], '198.51.100.7'],
  ['bun', [{ requestIP: () => ({ address: '198.51.100.7' }) }], '198.51.100.7'],
  ['bun', [{ requestIP: () => null }], undefined],
  ['deno', [{ remoteAddr: { transport: 'unix' } }], undefined],
  ['deno', [], undefined],
  ['bun', [], undefined],
  ['other', [{ remoteAddr: { hostname: '198.51.100.7' } }], undefined],
  ['other', [], undefined],
];

it.each(cases)(
  'on %s, with %j, takes %s and no header of a client’s (RL-01)',
  (runtime, platform, address) => {
    expect(readConnectionAddress(request, platform, runtime)).toBe(address);
  },
);

it.each([
  [0, '198.51.100.7'],
  [1, '192.0.2.66'],
])('with %i trusted proxies takes %s', (hops, address) => {
  expect(behindProxies(request, '198.51.100.7', hops)).toBe(address);
});

it('takes the entry that the proxy wrote, and none before it', () => {
  const forged = new Request('https://mcp.example.com/mcp', {
    headers: { 'X-Forwarded-For': '192.0.2.66, 203.0.113.9' },
  });

  expect(behindProxies(forged, undefined, 1)).toBe('203.0.113.9');
});

it.each([
  ['Deno/2.5.0', 'deno'],
  ['Bun/1.3.0', 'bun'],
  ['Cloudflare-Workers', 'workers'],
  ['Node.js/24', 'other'],
  ['', 'other'],
])('recognises %s as %s', (userAgent, runtime) => {
  expect(readRuntime({ navigator: { userAgent } })).toBe(runtime);
});

it('is in production where there are no variables, or none may be read', () => {
  const forbidden = new Proxy(
    {},
    {
      get() {
        throw new Error('Requires env access');
      },
    },
  );

  expect(readEnvironment({}).isProduction).toBe(true);
  expect(readEnvironment({ process: { env: forbidden } }).isProduction).toBe(true);
  expect(readEnvironment({ process: { env: { ENVIRONMENT: 'development' } } }).isProduction).toBe(
    false,
  );
  expect(() => readEnvironment({ process: { env: { ENVIRONMENT: 'dev' } } })).toThrow(
    /ENVIRONMENT: must be one of/,
  );
});
