/** A protected MCP server with a sign-in, in front of a stand-in. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { detectEnvironment, Secret } from '@sallyport/core';
import { callerOf, type ProtectSettings } from '@sallyport/protect';
import { protect } from '@sallyport/protect/fetch';
import {
  clientSecretBasic,
  entra,
  general,
  type SignIn,
  type SignInOptions,
} from '@sallyport/registration';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { remoteJwks } from '@sallyport/verifier-jwt';
import {
  applicationIdUri,
  entraTenant,
  type StandIn,
  type StandInKind,
  startStandIn,
} from './stand-in.ts';

export const environment = detectEnvironment({ ENVIRONMENT: 'development' });
export const scopes = ['notes:read', 'notes:write'];

/** The servers, and what they reported. */
export interface Served {
  readonly standIn: StandIn;
  readonly resource: string;
  /** The issuer of the sign-in. */
  readonly issuer: string;
  /** Where this instance listens. */
  readonly origin: string;
  readonly events: { readonly type: string; readonly [more: string]: unknown }[];
  /** Codes of refused requests. */
  readonly refusals: string[];
  stop(): Promise<void>;
}

/** What differs from one server to another. */
export interface ServedOptions extends Partial<SignInOptions> {
  /** Serves without the package. Clients are then sent to the provider. */
  readonly withoutSignIn?: boolean;
  readonly port?: number;
  readonly showsPage?: boolean;
  readonly settings?: Partial<ProtectSettings>;
  /** The public URL. Default: the one where it listens. */
  readonly resource?: string;
  /** Stands behind this server. Default: one of its own. */
  readonly standIn?: StandIn;
}

export const sealingKey = new Secret('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH');

export async function startServed(kind: StandInKind, options: ServedOptions = {}): Promise<Served> {
  const { withoutSignIn = false, showsPage = false, settings = {}, ...others } = options;
  const { port = await findFreePort(), standIn: given, ...rest } = others;
  const origin = `http://localhost:${port}`;
  const { resource = `${origin}/mcp`, ...changes } = rest;
  const issuer = `${resource}/sign-in`;
  const callback = withoutSignIn ? 'http://localhost:7777/callback' : `${issuer}/callback`;
  const standIn = given ?? (await startStandIn(kind, { callback, resource, scopes, showsPage }));
  const events: Served['events'] = [];
  const refusals: string[] = [];
  const gated = await protect(
    {
      resource,
      issuer: {
        issuer: standIn.issuer,
        audience: standIn.audience,
        keys: remoteJwks({ url: standIn.jwksUri, environment }),
        algorithms: ['ES256'],
        profile: 'legacy',
        ...(kind === 'refuses resource' && { scopeClaims: ['scp'] }),
      },
      tools: { read_note: ['notes:read'], write_note: ['notes:write'] },
      environment,
      audit: {
        emit: (event) => {
          if ('code' in event) refusals.push(String(event.code));
        },
      },
      onEvent: (event) => void events.push(event),
      ...(!withoutSignIn && { signIn: signInAt(standIn, { sealingKey, ...changes }) }),
      ...settings,
    } as ProtectSettings,
    createMcpHandler(createNotes).fetch,
  );
  const server = serve({
    fetch: (request) => gated(request),
    port,
    hostname: 'localhost',
  }) as Server;
  if (!server.listening) await once(server, 'listening');
  return {
    standIn,
    resource,
    issuer,
    origin,
    events,
    refusals,
    async stop() {
      await gated.close();
      server.closeAllConnections();
      server.close();
      if (given === undefined) await standIn.stop();
    },
  };
}

/** The options of the kind of provider that fits the stand-in. */
export function signInAt(standIn: StandIn, changes: Partial<SignInOptions> = {}): SignIn {
  const { issuer, authorizationEndpoint, tokenEndpoint, clientId, clientSecret } = standIn;
  const isSecret = standIn.kind === 'sends iss and needs a secret';
  const common = {
    clientId,
    ...(isSecret && {
      clientAuthentication: clientSecretBasic({ clientId, secret: new Secret(clientSecret) }),
    }),
    ...changes,
  };
  return standIn.kind === 'refuses resource'
    ? entra({
        ...common,
        tenant: entraTenant,
        authority: new URL(issuer).origin,
        applicationIdUri,
      })
    : general({ ...common, issuer, authorizationEndpoint, tokenEndpoint });
}

function createNotes(): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  for (const name of ['read_note', 'write_note']) {
    server.registerTool(name, { description: name }, (context) => ({
      content: [{ type: 'text', text: `${name} for ${callerOf(context).subject}` }],
    }));
  }
  return server;
}
