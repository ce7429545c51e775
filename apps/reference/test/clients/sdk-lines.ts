/** The clients of both SDK lines, as their users put them together. */
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { UnauthorizedError as UnauthorizedErrorV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { createOAuthClient } from '../oauth-client.ts';

type OAuthClient = ReturnType<typeof createOAuthClient>;

/** One SDK line. */
export interface Line {
  readonly newTransport: (
    url: URL,
    authProvider: OAuthClient,
  ) => {
    finish: (answer: URLSearchParams) => Promise<void>;
    connect: () => Promise<{
      callTool: (call: { name: string; arguments: Record<string, unknown> }) => Promise<unknown>;
      listTools: () => Promise<unknown>;
      close: () => Promise<void>;
    }>;
  };
  readonly unauthorized: new () => Error;
  readonly grantTypes: readonly string[];
}

const info = { name: 'test', version: '1.0.0' };
export const lines: Readonly<Record<'the client of SDK v1' | 'the client of SDK v2', Line>> = {
  'the client of SDK v2': {
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
    grantTypes: ['authorization_code', 'refresh_token'],
  },
  'the client of SDK v1': {
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
    // With a refresh token this client refreshes in place of asking the person for more scopes.
    grantTypes: ['authorization_code'],
  },
};
