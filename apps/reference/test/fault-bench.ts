/** Plants faults at gates that are composed as in production, and reads the lines that they leave. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateFromConfig, type GateOptions, loadConfig } from '@sallyport/config';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createCloudLoggingSink } from '@sallyport/telemetry';
import { type AuthorizationServer, mintToken, startAuthorizationServer } from '@sallyport/testing';

const prefix = 'FASTMCP_SERVER_AUTH_';

export const audience = 'https://notes.acme-corp.dev/mcp';
const issuer = 'https://id.acme-corp.dev/tenant';
/** Random, base64, and nowhere else. */
export const sharedSecret = 'q0c3Zf8x1BvM7yKpWmT5sNdRhJ2uLgE9aXoYiCkQwPs=';

/** Of the client that introspects. */
export const clientSecret = 'vN4xQ8sT2bW7kY5zR9mJ6cF3';

/** Names without their prefix; `undefined` takes one away. */
type Changes = Readonly<Record<string, string | undefined>>;

/** What is planted. */
export interface Planted {
  /** In place of those of a JWT with fetched keys. */
  readonly variables?: Changes;
  /** What the server says of the gate besides. One object for each gate. */
  readonly options?: Partial<GateOptions>;
  /** In place of the claims of a good token; `undefined` leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Signs with these bytes, by HS256. Default: with the key of the authorization server. */
  readonly secret?: string | Uint8Array;
  /** In place of the whole field. */
  readonly authorization?: string;
  readonly scheme?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** How the client was answered, and what an operator reads. */
interface FaultLine {
  readonly status: number;
  readonly message: string;
  readonly line: Readonly<Record<string, unknown>>;
}

export interface FaultBench {
  readonly server: AuthorizationServer;
  plant(planted: Planted): Promise<FaultLine>;
  close(): Promise<void>;
}

interface OpenGate {
  readonly url: string;
  readonly log: string[];
  close(): Promise<void>;
}

/** Gates are kept: each set of variables is composed once. */
export async function openFaultBench(): Promise<FaultBench> {
  const server = await startAuthorizationServer({
    algorithm: 'ES256',
    clients: [{ clientId: 'notes', clientSecret }],
    resources: [{ resource: audience, scopes: ['read:data', 'write:data'] }],
  });
  const gates = new Map<string, Promise<OpenGate>>();
  let clients = 0;

  function gateOf(variables: Changes, options: Partial<GateOptions>): Promise<OpenGate> {
    const given = { ...usual, JWT_JWKS_URI: server.jwksUri, ...variables };
    const key = JSON.stringify([given, Object.keys(options)]);
    const gate = gates.get(key) ?? openGate(given, options);
    gates.set(key, gate);
    return gate;
  }

  return {
    server,

    async plant({ variables = {}, options = {}, ...planted }) {
      const gate = await gateOf(variables, options);
      clients += 1;
      const client = `198.51.100.${clients % 250}`;
      const name = variables['JWT_ISSUER'] ?? issuer;
      const authorization = planted.authorization ?? (await mintField(server, name, planted));
      const { status } = await call(gate.url, {
        Authorization: authorization,
        'X-Forwarded-For': client,
        ...planted.fields,
      });
      const line = gate.log
        .map((text) => JSON.parse(text) as Record<string, unknown>)
        .findLast(({ event }) => event === 'refused');
      return { status, message: String(line?.['message']), line: line ?? {} };
    },

    async close() {
      for (const gate of gates.values()) await (await gate).close();
      await server.stop();
    },
  };
}

const usual = {
  TYPE: 'jwt',
  JWT_ISSUER: issuer,
  JWT_AUDIENCE: audience,
  JWT_ALGORITHM: 'ES256',
  RESOURCE_URL: audience,
};

async function openGate(given: Changes, options: Partial<GateOptions>): Promise<OpenGate> {
  const log: string[] = [];
  const sink = createCloudLoggingSink({ write: (line) => void log.push(line) });
  const onEvent = sink.log;
  const variables = Object.entries(given)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => [prefix + name, value]);
  const config = await loadConfig(
    { ENVIRONMENT: 'development', ...Object.fromEntries(variables) },
    { onEvent },
  );
  const tools = { read_notes: ['read:data'] };
  const composed = await createGateFromConfig(config, { audit: sink, onEvent, tools, ...options });
  const handler = nodeGate(composed.gate, (_request, response) => void response.end('{}'), {
    trustedProxyHops: 1,
  });
  const http = createServer(handler).listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    log,
    async close() {
      http.closeAllConnections();
      http.close();
      await composed.close();
      sink.close();
    },
  };
}

async function call(url: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  const params = { name: 'read_notes' };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...fields },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  await response.text();
  return response;
}

async function mintField(
  server: AuthorizationServer,
  iss: string,
  { claims = {}, header = {}, secret, scheme = 'Bearer' }: Planted,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1_000);
  const good = { iss, aud: audience, sub: 'user-1', client_id: 'client-1', scope: 'read:data' };
  const all = { ...good, iat, exp: iat + 600, ...claims };
  if (secret === undefined) return `${scheme} ${await server.mintToken(all, header)}`;
  const key = typeof secret === 'string' ? Buffer.from(secret) : secret;
  const token = await mintToken({ key, claims: all, header: { alg: 'HS256', ...header } });
  return `${scheme} ${token}`;
}
