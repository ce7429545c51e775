/** Clients of both SDK lines, with a person who signs in without a browser. */
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

/**
 * An `OAuthClientProvider` of both SDK lines that keeps everything in memory.
 *
 * @param subject Who signs in. Default: the user of the authorization server's own page.
 */
export function createOAuthClient({
  subject,
  grantTypes = ['authorization_code'],
}: {
  readonly subject?: string;
  readonly grantTypes?: readonly string[];
} = {}) {
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

    /** The person signs in and allows what the client asked for, or denies it. */
    async consent({ deny = false } = {}): Promise<URLSearchParams> {
      if (kept.authorizationUrl === undefined) throw new Error('the client asked for no sign-in');
      const person = subject === undefined ? { deny } : { subject, deny };
      const back = await authorizeHeadlessly(kept.authorizationUrl, person);
      delete kept.authorizationUrl;
      return back.searchParams;
    },
  };
}

type OAuthClient = ReturnType<typeof createOAuthClient>;
type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** One SDK line. */
export interface Line {
  readonly newTransport: (
    url: URL,
    authProvider: OAuthClient,
    fetch?: Fetch,
  ) => {
    finish: (answer: URLSearchParams) => Promise<void>;
    connect: () => Promise<{
      callTool: (call: { name: string; arguments: Record<string, unknown> }) => Promise<unknown>;
      listTools: () => Promise<{ readonly tools: readonly unknown[] }>;
      close: () => Promise<void>;
    }>;
  };
  readonly unauthorized: new () => Error;
  /** What the client registers for. */
  readonly grantTypes: readonly string[];
}

const info = { name: 'test', version: '1.0.0' };

const lineV2 = (options: ConstructorParameters<typeof Client>[1] = {}): Line => ({
  newTransport(url, authProvider, fetch) {
    const transport = new StreamableHTTPClientTransport(url, {
      authProvider,
      ...(fetch && { fetch }),
    });
    return {
      finish: (answer) => transport.finishAuth(answer),
      async connect() {
        const client = new Client(info, options);
        await client.connect(transport);
        return client;
      },
    };
  },
  unauthorized: UnauthorizedError,
  grantTypes: ['authorization_code', 'refresh_token'],
});

const lineV1: Line = {
  newTransport(url, authProvider, fetch) {
    const transport = new TransportV1(url, { authProvider, ...(fetch && { fetch }) });
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
  // With a refresh token this client refreshes in place of asking the person for more scopes.
  grantTypes: ['authorization_code'],
};

export const lines: Readonly<Record<'SDK v1' | 'SDK v2', Line>> = {
  'SDK v2': lineV2(),
  'SDK v1': lineV1,
};

/** The client of SDK v2 that prefers the revision 2026-07-28. */
export const modernLine: Line = lineV2({ versionNegotiation: { mode: 'auto' } });
