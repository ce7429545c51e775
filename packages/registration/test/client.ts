/** The clients of both SDK lines, as their users put them together, with a person at a browser made of fetch. */
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { UnauthorizedError as UnauthorizedErrorV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { authorizeHeadlessly } from '@sallyport/testing';

interface Tokens {
  access_token: string;
  token_type: string;
  scope?: string;
  refresh_token?: string;
}

const redirectUrl = 'http://localhost:7777/callback';

/** An `OAuthClientProvider` of both SDK lines that keeps everything in memory. */
export function createOAuthClient(grantTypes: readonly string[]) {
  const kept: {
    client?: { client_id: string };
    tokens?: Tokens;
    verifier?: string;
    authorizationUrl?: URL;
    discovery?: unknown;
  } = {};
  return {
    kept,
    redirectUrl,
    clientMetadata: {
      client_name: 'test client',
      redirect_uris: [redirectUrl],
      grant_types: [...grantTypes],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => kept.client,
    saveClientInformation: (client: { client_id: string }) => {
      kept.client = client;
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens: Tokens) => {
      kept.tokens = tokens;
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier ?? '',
    redirectToAuthorization: (url: URL) => {
      kept.authorizationUrl = url;
    },
    invalidateCredentials: (what: string) => {
      if (what === 'all' || what === 'tokens') delete kept.tokens;
      if (what === 'all' || what === 'client') delete kept.client;
    },
    saveDiscoveryState: (state: unknown) => {
      kept.discovery = state;
    },
    // biome-ignore lint/suspicious/noExplicitAny: each SDK line has its own type for it
    discoveryState: () => kept.discovery as any,

    /** The person answers the page of this server, and is signed in at the provider. */
    async consent({ deny = false } = {}): Promise<URLSearchParams> {
      if (kept.authorizationUrl === undefined) throw new Error('nobody was asked');
      const back = await authorizeHeadlessly(kept.authorizationUrl, { deny });
      delete kept.authorizationUrl;
      return back.searchParams;
    },
  };
}

type OAuthClient = ReturnType<typeof createOAuthClient>;

/** One SDK line. */
export interface Line {
  readonly newTransport: (
    url: URL,
    provider: OAuthClient,
  ) => {
    finish: (answer: URLSearchParams) => Promise<void>;
    connect: () => Promise<{
      callTool: (call: { name: string; arguments: Record<string, unknown> }) => Promise<unknown>;
      close: () => Promise<void>;
    }>;
  };
  readonly unauthorized: new () => Error;
}

const info = { name: 'test', version: '1.0.0' };
export const lines: Readonly<Record<'SDK v1' | 'SDK v2', Line>> = {
  'SDK v2': {
    newTransport(url, authProvider) {
      const transport = new StreamableHTTPClientTransport(url, { authProvider });
      return {
        finish: (answer) => transport.finishAuth(answer),
        async connect() {
          const client = new Client(info);
          await client.connect(transport);
          return client;
        },
      };
    },
    unauthorized: UnauthorizedError,
  },
  'SDK v1': {
    newTransport(url, authProvider) {
      const transport = new TransportV1(url, { authProvider });
      return {
        finish: (answer) => transport.finishAuth(answer.get('code') ?? ''),
        async connect() {
          const client = new ClientV1(info);
          await client.connect(transport as Parameters<typeof client.connect>[0]);
          return client;
        },
      };
    },
    unauthorized: UnauthorizedErrorV1,
  },
};
