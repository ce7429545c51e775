/** An MCP server with sessions behind our gate, on a real port, for audits. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createGateFromConfig, loadConfig } from '@sallyport/config';
import type { McpGate } from '@sallyport/mcp-adapter';
import type { AuditOptions } from '@sallyport/testing/audit';
import { settings } from '../command.ts';

/** A server to audit. */
export interface AuditedServer {
  readonly url: string;
  readonly issuer: string;
  /** The private key of the issuer. */
  readonly jwk: Readonly<Record<string, unknown>>;
  /** What an audit of it is given. */
  readonly options: AuditOptions;
  /** How often the tool that writes ran. */
  writes(): number;
  close(): Promise<void>;
}

const issuer = 'http://127.0.0.1:9';

/** What serves a message that passed the gate. */
export type GatedApplication = (
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
) => void;

/** Puts a gate in front of an application, on a host. */
export type Host = (gate: McpGate, application: GatedApplication) => RequestListener;

/** A server of node:http that ends slow connections after one second. */
const patientServer = (listener: RequestListener): Server =>
  createServer(
    { headersTimeout: 1_000, requestTimeout: 1_000, connectionsCheckingInterval: 100 },
    listener,
  );

/** Starts the server behind our gate. */
export async function startHardenedServer(
  host: Host,
  listen: (listener: RequestListener) => Server = patientServer,
): Promise<AuditedServer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let handle: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = listen((request, response) => handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}/mcp`;
  const config = await loadConfig(
    settings({
      TYPE: 'jwt',
      RESOURCE_URL: url,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: url,
      JWT_ALGORITHM: 'ES256',
      JWT_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      JWT_REQUIRED_SCOPES: 'notes:read',
    }),
  );
  const composed = await createGateFromConfig(config, {
    tools: { write_note: ['notes:write'] },
    audit: { emit: () => {} },
  });
  const notes = createNotes();
  handle = host(composed.gate, notes.serve);
  const jwk = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'notes-1' };
  return {
    ...{ url, issuer, jwk, writes: notes.writes },
    options: {
      key: { jwk, issuer },
      writeTool: { name: 'write_note' },
      requestsPerSecond: 10_000,
      slowSeconds: 20,
      timeoutMs: 20_000,
    },
    async close() {
      server.closeAllConnections?.();
      server.close();
      await notes.close();
      await composed.close();
    },
  };
}

function createNotes() {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  let writes = 0;

  async function open(): Promise<StreamableHTTPServerTransport> {
    const notes = new McpServer({ name: 'notes', version: '1.0.0' });
    notes.registerTool('write_note', { description: 'Writes a note' }, () => {
      writes += 1;
      return { content: [{ type: 'text', text: 'written' }] };
    });
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: true,
      onsessioninitialized: (session) => void transports.set(session, transport),
      onsessionclosed: (session) => void transports.delete(session),
    });
    await notes.connect(transport as Parameters<typeof notes.connect>[0]);
    return transport;
  }

  const serve: GatedApplication = async (request, response, body) => {
    const session = request.headers['mcp-session-id'];
    const known = typeof session === 'string' ? transports.get(session) : undefined;
    await (known ?? (await open())).handleRequest(request, response, body);
  };
  return {
    serve,
    writes: () => writes,
    async close() {
      for (const transport of transports.values()) await transport.close();
    },
  };
}
