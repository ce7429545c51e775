/** The whole OAuth dance, by unmodified clients of both SDK lines, against real servers. */
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { UnauthorizedError as UnauthorizedErrorV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOAuthClient } from './oauth-client.ts';
import { type StartedReference, startReference } from './reference-server.ts';

type OAuthClient = ReturnType<typeof createOAuthClient>;
interface Line {
  readonly newTransport: (
    url: URL,
    authProvider: OAuthClient,
  ) => {
    finish: (answer: URLSearchParams) => Promise<void>;
    connect: () => Promise<{
      callTool: (call: { name: string; arguments: Record<string, unknown> }) => Promise<unknown>;
      close: () => Promise<void>;
    }>;
  };
  readonly unauthorized: new () => Error;
  readonly grantTypes: readonly string[];
}

const info = { name: 'test', version: '1.0.0' };
const lines: Readonly<Record<string, Line>> = {
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
    // With a refresh token this client refreshes instead of asking the person for more scopes.
    grantTypes: ['authorization_code'],
  },
};

describe.each(Object.entries(lines))('%s', (_name, { newTransport, unauthorized, grantTypes }) => {
  let reference: StartedReference;
  beforeAll(async () => {
    reference = await startReference();
  });
  afterAll(() => reference.server.stop());

  it('goes 401 → metadata → registration → code with PKCE → token → tool → 403 → step-up → tool', async () => {
    const url = new URL(reference.server.resource);
    const person = createOAuthClient({ subject: 'alice', grantTypes });

    const first = newTransport(url, person);
    await expect(first.connect()).rejects.toThrow(unauthorized);
    expect(person.kept.client?.client_id).toBeTruthy();
    expect(person.kept.authorizationUrl?.searchParams.get('code_challenge_method')).toBe('S256');
    expect(person.kept.authorizationUrl?.searchParams.get('resource')).toBe(url.href);
    expect(person.kept.authorizationUrl?.searchParams.get('scope')).toMatch(/^read:data\b/);
    await first.finish(await person.consent());

    const second = newTransport(url, person);
    const client = await second.connect();
    const whoami = JSON.stringify(await client.callTool({ name: 'whoami', arguments: {} }));
    expect(whoami).toContain('alice');
    expect(whoami).toContain(person.kept.client?.client_id);

    const write = { name: 'write_note', arguments: { title: 'Milk', text: 'Two bottles' } };
    await expect(client.callTool(write)).rejects.toThrow(unauthorized);
    expect(person.kept.authorizationUrl?.searchParams.get('scope')).toContain('write:data');
    await second.finish(await person.consent());

    expect(JSON.stringify(await client.callTool(write))).toContain('Milk');
    await client.close();

    // No byte of a token in the log of the whole dance (OPS-05).
    const secret = person.kept.tokens?.access_token.slice(-40);
    expect(secret).toHaveLength(40);
    expect(reference.log.length).toBeGreaterThan(5);
    expect(reference.log.join('')).not.toContain(secret);
  });
});
