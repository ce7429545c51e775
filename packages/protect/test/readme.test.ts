/** The five lines, as they stand in the README: asked, and signed in to by the clients of both SDK lines. */

import { readFileSync } from 'node:fs';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { authorizeHeadlessly } from '@sallyport/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, right } from './fixture.ts';
import {
  close,
  type LocalServers,
  type Snippet,
  startLocalServers,
  untilListening,
} from './local-snippets.ts';

let local: LocalServers;
let snippet: Snippet;
beforeAll(async () => {
  local = await startLocalServers();
  snippet = await import('./readme.ts');
  await untilListening(snippet);
});
afterAll(async () => {
  await close(snippet);
  await local.stop();
});

/** A person with a client that keeps everything in memory, for both lines. */
function createPerson() {
  const kept: { client?: { client_id: string }; tokens?: never; verifier: string; url?: URL } = {
    verifier: '',
  };
  const redirectUrl = 'http://localhost:7777/callback';
  return {
    redirectUrl,
    clientMetadata: {
      client_name: 'test',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => kept.client,
    saveClientInformation: (client: { client_id: string }) => {
      kept.client = client;
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens: unknown) => {
      kept.tokens = tokens as never;
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier,
    redirectToAuthorization: (url: URL) => {
      kept.url = url;
    },
    async consent() {
      const back = await authorizeHeadlessly(kept.url as URL, { subject: 'ada' });
      return back.searchParams;
    },
  };
}

const info = { name: 'test', version: '1.0.0' };

it('takes five lines', () => {
  const [, block = ''] =
    /(app\.use\(await protect\(.*?\}\)\);)/s.exec(
      readFileSync(new URL('readme.ts', import.meta.url), 'utf8'),
    ) ?? [];

  expect(block.split('\n')).toHaveLength(5);
});

it('answers the three questions, and about its metadata', async () => {
  expect(await ask(new URL(local.resource).origin, local.issuer, { of: local.resource })).toEqual(
    right,
  );
});

it('lets a client of SDK v2 sign in', async () => {
  const person = createPerson();
  const newTransport = () =>
    new StreamableHTTPClientTransport(new URL(local.resource), { authProvider: person });
  const first = newTransport();
  await expect(new Client(info).connect(first)).rejects.toThrow();
  await first.finishAuth(await person.consent());
  const client = new Client(info);
  await client.connect(newTransport());

  expect(await client.callTool({ name: 'read_note', arguments: {} })).toMatchObject({
    content: [{ text: 'read_note for ada' }],
  });
  await client.close();
});

it('lets a client of SDK v1 sign in', async () => {
  const person = createPerson();
  const newTransport = () => new TransportV1(new URL(local.resource), { authProvider: person });
  type Transport = Parameters<ClientV1['connect']>[0];
  const first = newTransport();
  await expect(new ClientV1(info).connect(first as Transport)).rejects.toThrow();
  await first.finishAuth((await person.consent()).get('code') ?? '');
  const client = new ClientV1(info);
  await client.connect(newTransport() as Transport);

  expect(await client.callTool({ name: 'read_note', arguments: {} })).toMatchObject({
    content: [{ text: 'read_note for ada' }],
  });
  await client.close();
});
