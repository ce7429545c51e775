/** A real host of a key set, whose answers fail on demand. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const hostModes = [
  'well',
  'slow',
  'HTTP 500',
  'HTTP 503 with Retry-After',
  'reset',
  'cut',
  'not JSON',
  'empty set',
  'weak keys',
] as const;
export type HostMode = (typeof hostModes)[number];

/** Whether an answer in this mode is a usable key set. */
export const servesKeys = (mode: HostMode): boolean => mode === 'well' || mode === 'slow';

/** What `HTTP 503 with Retry-After` asks for. */
export const retryAfterSeconds = 30;

const slowMs = 30;
const weakKey = { kty: 'EC', crv: 'P-256', alg: 'ES256', kid: 'weak', x: 'AA', y: 'AA' };

export interface KeyHost {
  readonly url: string;
  mode: HostMode;
  /** The ids of the keys that it serves. */
  published: readonly string[];
  /** What was served with the last usable answer. */
  lastServed: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Key pairs are made once, and used by every run: making them is expensive. */
export function makeSigningKeys(count: number): ReadonlyMap<string, KeyObject> {
  const make = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  return new Map(Array.from({ length: count }, (_, index) => [`key-${index}`, make()]));
}

export async function startKeyHost(keys: ReadonlyMap<string, KeyObject>): Promise<KeyHost> {
  const jwks = new Map(
    [...keys].map(([kid, key]) => {
      const jwk = createPublicKey(key).export({ format: 'jwk' });
      return [kid, { ...jwk, kid, alg: 'ES256', use: 'sig' }];
    }),
  );
  const host = {
    mode: 'well' as HostMode,
    published: [] as readonly string[],
    lastServed: new Set() as ReadonlySet<string>,
  };

  function send(response: ServerResponse, body: string, status = 200): void {
    const headers = { 'Content-Type': 'application/json' };
    const pause = { ...headers, 'Retry-After': `${retryAfterSeconds}` };
    response.writeHead(status, status === 503 ? pause : headers).end(body);
  }

  const answers: Readonly<Record<HostMode, (response: ServerResponse, set: string) => void>> = {
    well: send,
    slow: (response, set) => void setTimeout(send, slowMs, response, set),
    'HTTP 500': (response) => send(response, '{}', 500),
    'HTTP 503 with Retry-After': (response) => send(response, '{}', 503),
    reset: ({ socket }) => socket?.resetAndDestroy(),
    cut: (response, set) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1e5 });
      response.write(set.slice(0, 20), () => response.destroy());
    },
    'not JSON': (response) => send(response, '<html>We will be back soon</html>'),
    'empty set': (response) => send(response, '{"keys":[]}'),
    'weak keys': (response) => send(response, JSON.stringify({ keys: [weakKey] })),
  };

  const server = createServer((_request, response) => {
    const { mode, published } = host;
    if (servesKeys(mode)) host.lastServed = new Set(published);
    answers[mode](response, JSON.stringify({ keys: published.map((kid) => jwks.get(kid)) }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(host, {
    url: `http://127.0.0.1:${port}/jwks`,

    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
