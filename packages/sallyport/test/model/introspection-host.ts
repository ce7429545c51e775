/** A real introspection endpoint (RFC 7662), whose answers fail and whose client secret changes on demand. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export const introspectionModes = ['well', 'slow', 'HTTP 500', 'reset', 'not JSON'] as const;
export type IntrospectionMode = (typeof introspectionModes)[number];

const slowMs = 30;

type IntrospectedClaims = Readonly<Record<string, unknown>> & { readonly exp: number };

export interface IntrospectionHost {
  readonly url: string;
  mode: IntrospectionMode;
  /** The client secrets that it accepts. */
  accepted: readonly string[];
  /** The claims of tokens that are active until their `exp`. */
  active: Map<string, IntrospectedClaims>;
  /** Seconds since the epoch. */
  now: () => number;
  close(): Promise<void>;
}

export async function startIntrospectionHost(): Promise<IntrospectionHost> {
  const host = {
    mode: 'well' as IntrospectionMode,
    accepted: [] as readonly string[],
    active: new Map<string, IntrospectedClaims>(),
    now: () => 0,
  };

  function send(response: ServerResponse, body: string, status = 200): void {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const { mode, accepted } = host;
    if (mode === 'reset') return void response.socket?.resetAndDestroy();
    if (mode === 'HTTP 500') return send(response, '{}', 500);
    if (mode === 'not JSON') return send(response, '<html>We will be back soon</html>');
    const given = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64').toString();
    if (!accepted.includes(given.slice(given.indexOf(':') + 1))) {
      return send(response, '{"error":"invalid_client"}', 401);
    }
    const claims = host.active.get(form.get('token') ?? '');
    const isActive = claims !== undefined && host.now() < claims.exp;
    const body = JSON.stringify(isActive ? { active: true, ...claims } : { active: false });
    if (mode === 'slow') setTimeout(send, slowMs, response, body);
    else send(response, body);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(host, {
    url: `http://127.0.0.1:${port}/introspect`,

    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
