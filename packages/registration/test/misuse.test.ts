/** What strangers do to the endpoints besides the attacks of the catalogue: floods, claims, and scopes by omission. */
import { once } from 'node:events';
import { createServer, type Server, request as send } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { serve } from '@hono/node-server';
import { protect as protectFetch } from '@sallyport/protect/fetch';
import { protect as protectNode } from '@sallyport/protect/node';
import { cognito, entra, general } from '@sallyport/registration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { development, production, settingsWith, signInWith, startRecorder } from './in-process.ts';
import { sealingKey } from './served.ts';

const common = { clientId: 'the-mcp-server', sealingKey };
const endpoints = {
  issuer: 'https://auth.example.com',
  authorizationEndpoint: 'https://auth.example.com/authorize',
  tokenEndpoint: 'https://auth.example.com/token',
};
const good = general({ ...common, ...endpoints });
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const applicationIdUri = `api://${tenant}`;
const pool = { userPoolId: 'eu-central-1_AbCdEfGhI', domain: 'https://auth.example.com' };
const loopback = 'http://127.0.0.1:7777/callback';

interface SignInEvent {
  readonly type: string;
  readonly [more: string]: unknown;
}

async function startHere(signIn = good, changes: object = {}) {
  const here = await signInWith(signIn, production, changes);
  onTestFinished(here.gated.close);
  /** Registers, and opens `/authorize`. */
  async function open(client: { address?: string; name?: string }, more: object = {}) {
    const { address = loopback, name } = client;
    const registered = await here.ask('/register', {
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
      here.ask(`/authorize?${new URLSearchParams(query as Record<string, string>)}${extra}`);
    return { askWith, html: await (await askWith()).text() };
  }
  return { ...here, open };
}

describe('REG-20: scopes by omission', () => {
  it.each([
    ['Entra', entra({ ...common, tenant, applicationIdUri })],
    ['Cognito', cognito({ ...common, ...pool })],
  ])('the page names every scope when none is asked for: %s grants all', async (_name, signIn) => {
    const { open } = await startHere(signIn);
    for (const more of [{}, { scope: 'offline_access' }]) {
      const { html } = await open({}, more);

      expect(html).toContain('notes:read</code>');
      expect(html).toContain('notes:write</code>');
      expect(html).not.toContain('offline_access</code>');
    }
  });

  it('asks for what the server requires when a client names nothing but offline_access', async () => {
    const { open } = await startHere(good, { requiredScopes: ['notes:read'] });
    const { html } = await open({}, { scope: 'offline_access' });

    expect(html).toContain('notes:read</code>');
    expect(html).not.toContain('notes:write</code>');
  });

  it.each([
    ['for offline_access alone', undefined, { scope: 'offline_access' }],
    ['after an answer with unknown names', 'another:name', {}],
  ])('a refresh %s asks Entra for the scopes of before, not for all', async (_name, said, more) => {
    const { origin: authority, requests, stop } = await startRecorder(said);
    onTestFinished(stop);
    const signIn = entra({ ...common, tenant, applicationIdUri, authority });
    const { gated, signInFor, ask, form } = await signInWith(signIn, development);
    onTestFinished(gated.close);
    const { grant } = await signInFor('notes:read');
    await ask('/token', form({ ...grant, ...more }));

    expect(requests.at(-1)?.form['scope']).toBe(`${applicationIdUri}/notes:read offline_access`);
  });

  it('a refresh does not ask for what the provider granted beyond the page', async () => {
    const { origin, requests, stop } = await startRecorder('notes:read notes:write');
    onTestFinished(stop);
    const [authorizationEndpoint, tokenEndpoint] = [`${origin}/authorize`, `${origin}/token`];
    const signIn = general({ ...common, issuer: origin, authorizationEndpoint, tokenEndpoint });
    const { gated, signInFor, ask, form } = await signInWith(signIn, development);
    onTestFinished(gated.close);
    const { grant } = await signInFor('notes:read');
    const { length } = requests;
    const wider = await ask('/token', form({ ...grant, scope: 'notes:write' }));

    expect(await wider.json()).toMatchObject({ error: 'invalid_scope' });
    expect(requests).toHaveLength(length);
  });
});

describe('REG-16, REG-21: who gets the answer', () => {
  it('sends no answer when the address is there twice, whatever else is', async () => {
    const { askWith } = await (await startHere()).open({});
    const twice = `&redirect_uri=${encodeURIComponent(loopback)}`;
    for (const extra of [`&scope=&scope=${twice}`, `&a=1&a=2&client_id=a${twice}`]) {
      const response = await askWith(extra);

      expect([response.status, response.headers.get('Location')]).toEqual([400, null]);
    }
  });

  it('a name cannot end its own quotation, and go on as words of the page', async () => {
    const { open } = await startHere();
    for (const [before, after] of ['””', '""', '»«', '„“'].map((pair) => [...pair])) {
      const { html } = await open({ name: `Claude${before}. It was checked. ${after}` });

      expect(html).toContain('“<bdi>Claude&#39;. It was checked. &#39;</bdi>”');
    }
  });

  it('warns at an address of a private scheme: another program can claim it', async () => {
    const { open } = await startHere();
    const cursor = await open({ address: 'cursor://anysphere.cursor-mcp/oauth/callback' });
    const web = await open({ address: 'https://claude.ai/api/mcp/auth_callback' });

    expect(cursor.html).toContain('<strong><bdi>Cursor</bdi></strong>');
    expect(cursor.html).toContain('Any program on your computer can receive it.');
    expect(web.html).not.toContain('Any program on your computer');
  });
});

describe('REG-22: floods', () => {
  it('reports failures that a stranger brings about once in ten seconds, without a word of his', async () => {
    const events: SignInEvent[] = [];
    const onEvent = (event: SignInEvent) => void events.push(event);
    const { register, allow, ask } = await startHere(good, { onEvent });
    const allowed = await allow(await register(), 'notes:read');
    const [Cookie = ''] = (allowed.headers.get('Set-Cookie') ?? '').split(';', 1);
    const state = new URL(allowed.headers.get('Location') ?? '').searchParams.get('state') ?? '';
    for (let index = 0; index < 20; index += 1) {
      const query = new URLSearchParams({ state, error: `call_me_at${'_'.repeat(index)}` });
      expect((await ask(`/callback?${query}`, { headers: { Cookie } })).status).toBe(303);
    }

    expect(events.filter(({ type }) => type.startsWith('sign_in'))).toEqual([
      { type: 'sign_in_failed', step: 'callback', detail: 'an unknown error' },
    ]);
  });

  const listen = async (server: Server): Promise<number> => {
    if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  };
  const hosts: Readonly<Record<string, (onEvent: object) => Promise<number>>> = {
    async node(onEvent) {
      const gated = await protectNode(settingsWith(good, { onEvent }), () => {});
      onTestFinished(gated.close);
      return listen(createServer(gated));
    },
    async fetch(onEvent) {
      const gated = await protectFetch(settingsWith(good, { onEvent }), () => new Response());
      onTestFinished(gated.close);
      const fetch = (request: Request) => gated(request);
      return listen(serve({ fetch, port: 0, hostname: '127.0.0.1' }) as Server);
    },
  };
  const unfinished =
    'POST /mcp/sign-in/register HTTP/1.1\r\nHost: mcp.example.com\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{';

  it.each(Object.entries(hosts))(
    'at %s, who leaves in the middle of a body is no failure of the gate',
    async (_name, start) => {
      const events: SignInEvent[] = [];
      const port = await start((event: SignInEvent) => void events.push(event));
      const socket = connect(port, '127.0.0.1');
      socket.write(unfinished);
      await new Promise((resolve) => setTimeout(resolve, 100));
      socket.destroy();

      await expect.poll(() => events.map(({ type }) => type)).toContain('sign_in_refused');
      expect(events.map(({ type }) => type)).not.toContain('gate_failed');
    },
  );

  it('slow bodies of one address stop nobody else', async () => {
    const port = await (hosts['node'] ?? expect.unreachable())(() => {});
    const sockets = Array.from({ length: 64 }, () => connect(port, '127.0.0.1'));
    onTestFinished(() => void sockets.forEach((socket) => void socket.destroy()));
    for (const socket of sockets) socket.write(unfinished);
    const statusFrom = (localAddress: string, method: string, path: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = { 'Content-Type': 'application/json' };
        send({ port, host: '127.0.0.1', localAddress, method, path, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end('{}');
      });

    await expect.poll(() => statusFrom('127.0.0.1', 'POST', '/mcp/sign-in/register')).toBe(503);
    expect(await statusFrom('127.0.0.2', 'POST', '/mcp/sign-in/register')).toBe(400);
    expect(await statusFrom('127.0.0.1', 'GET', '/mcp/sign-in/authorize')).toBe(400);
  });
});
