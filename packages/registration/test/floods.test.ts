/** Floods: what one address can do, and what it costs the others. */
import { once } from 'node:events';
import { createServer, type Server, request as send } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { serve } from '@hono/node-server';
import { protect as protectFetch } from '@sallyport/protect/fetch';
import { protect as protectNode } from '@sallyport/protect/node';
import { general } from '@sallyport/registration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endpoints, production, settingsWith, signInWith } from './in-process.ts';
import { sealingKey } from './served.ts';

const common = { clientId: 'the-mcp-server', sealingKey };
const good = general({ ...common, ...endpoints });

async function startHere(signIn = good, changes: object = {}) {
  const here = await signInWith(signIn, production, changes);
  onTestFinished(here.gated.close);
  return here;
}

interface SignInEvent {
  readonly type: string;
  readonly [more: string]: unknown;
}

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
      // What was not sent when the socket is destroyed never is.
      await new Promise((resolve) => socket.write(unfinished, resolve));
      await new Promise((resolve) => setTimeout(resolve, 100));
      socket.destroy();

      await expect.poll(() => events.map(({ type }) => type)).toContain('sign_in_refused');
      expect(events.map(({ type }) => type)).not.toContain('gate_failed');
    },
  );

  it('slow bodies of one address stop nobody else', async () => {
    const port = await (hosts['node'] ?? expect.unreachable())(() => {});
    const sockets = Array.from({ length: 32 }, () => connect(port, '127.0.0.1'));
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
