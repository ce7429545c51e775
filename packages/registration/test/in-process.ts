/** A sign-in in this process, in front of a provider that only records what it is asked. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { detectEnvironment, type Environment } from '@sallyport/core';
import type { ProtectSettings } from '@sallyport/protect';
import { protect } from '@sallyport/protect/fetch';
import type { SignIn } from '@sallyport/registration';
import { loopbackAddress, ticketIn } from './raw-flow.ts';

/** A provider that no test asks. */
export const endpoints = {
  issuer: 'https://auth.example.com',
  authorizationEndpoint: 'https://auth.example.com/authorize',
  tokenEndpoint: 'https://auth.example.com/token',
};
export const development = detectEnvironment({ ENVIRONMENT: 'development' });
export const production = detectEnvironment({});
const claude = 'https://claude.ai/api/mcp/auth_callback';
// SHA-256 of forty-three times "a".
const verifier = 'a'.repeat(43);
const challenge = 'ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA';

/** Settings without a verifier that asks anybody. */
export function settingsWith(signIn: SignIn, changes: object = {}): ProtectSettings {
  return {
    resource: 'https://mcp.example.com/mcp',
    verifier: {
      name: 'none',
      verify: async () => {
        throw new Error('no token comes here');
      },
    },
    tools: { read_note: ['notes:read'], write_note: ['notes:write'] },
    environment: production,
    audit: { emit: () => {} },
    onEvent: () => {},
    signIn,
    ...changes,
  } as unknown as ProtectSettings;
}

/** @param changes Of the settings of `protect`. */
export async function signInWith(signIn: SignIn, environment: Environment, changes: object = {}) {
  const settings = settingsWith(signIn, { environment, ...changes });
  const gated = await protect(settings, () => new Response('behind the gate'));
  const issuer = `${settings.resource}/sign-in`;
  const ask = (path: string, init?: RequestInit) => gated(new Request(issuer + path, init));
  const form = (body: Record<string, string>, headers = {}): RequestInit => ({
    method: 'POST',
    headers,
    body: new URLSearchParams(body),
  });

  async function register(): Promise<string> {
    const response = await ask('/register', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [claude],
        grant_types: ['authorization_code', 'refresh_token'],
      }),
    });
    return ((await response.json()) as { client_id: string }).client_id;
  }

  async function open(client: { address?: string; name?: string }, more: object = {}) {
    const { address = loopbackAddress, name } = client;
    const registered = await ask('/register', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [address], client_name: name }),
    });
    const { client_id } = (await registered.json()) as { client_id: string };
    const query = {
      client_id,
      redirect_uri: address,
      response_type: 'code',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
      ...more,
    };
    const askWith = (extra = '') =>
      ask(`/authorize?${new URLSearchParams(query as Record<string, string>)}${extra}`);
    return { askWith, html: await (await askWith()).text() };
  }

  async function allow(clientId: string, scope: string): Promise<Response> {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: claude,
      scope,
      prompt: 'consent',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    const page = await ask(`/authorize?${query}`);
    const ticket = ticketIn(await page.text());
    const headers = { Origin: new URL(issuer).origin };
    return ask('/consent', form({ request: ticket, decision: 'allow' }, headers));
  }

  /** A whole sign-in. Returns what a refresh needs, and what the provider was asked for. */
  async function signInFor(scope: string) {
    const clientId = await register();
    const allowed = await allow(clientId, scope);
    const location = new URL(allowed.headers.get('Location') ?? '');
    const query = new URLSearchParams({
      code: 'c',
      state: location.searchParams.get('state') ?? '',
    });
    const [cookie = ''] = (allowed.headers.get('Set-Cookie') ?? '').split(';', 1);
    const back = await ask(`/callback?${query}`, { headers: { Cookie: cookie } });
    const code = new URL(back.headers.get('Location') ?? '').searchParams.get('code') ?? '';
    const redemption = { client_id: clientId, redirect_uri: claude, code, code_verifier: verifier };
    const issued = await ask('/token', form({ grant_type: 'authorization_code', ...redemption }));
    const { refresh_token = '' } = (await issued.json()) as { refresh_token?: string };
    const grant = { grant_type: 'refresh_token', client_id: clientId, refresh_token };
    return { location, grant };
  }

  /** A whole sign-in and a refresh. Returns what the provider was asked for at first. */
  async function run(scope: string): Promise<URL> {
    const { location, grant } = await signInFor(scope);
    await ask('/token', form(grant));
    return location;
  }

  return { ask, form, register, open, allow, signInFor, run, issuer, gated };
}

/**
 * A token endpoint that issues tokens for everything, and records each request.
 *
 * @param scope What it says that it granted. Default nothing.
 */
export async function startRecorder(scope?: string) {
  const requests: { path: string; authorization: string; form: Record<string, string> }[] = [];
  let delay: Promise<void> = Promise.resolve();
  let isRefusing = false;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    requests.push({
      path: request.url ?? '',
      authorization: request.headers.authorization ?? '',
      form: Object.fromEntries(new URLSearchParams(text)),
    });
    await delay;
    response.writeHead(isRefusing ? 400 : 200, { 'Content-Type': 'application/json' });
    if (isRefusing) {
      response.end('{"error":"invalid_grant"}');
      return;
    }
    const issued = { access_token: 'a', token_type: 'Bearer', refresh_token: 'r', scope };
    response.end(JSON.stringify(issued));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** From now on, each answer waits for this. */
    delayUntil(until: Promise<void>) {
      delay = until;
    },
    /** From now on, no code and no refresh token holds. */
    refuse() {
      isRefusing = true;
    },
    stop: () => void server.close(),
  };
}
