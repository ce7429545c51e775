/** What every host must show of sessions and streams, over real sockets. */
import { AuthError, type Principal } from '@sallyport/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { McpGate } from '../../src/index.ts';
import { sessionId } from '../example-server.ts';
import { createTestGate, createTestGuard, issuer, resource, tokens, toolCall } from '../fixture.ts';
import type { Seen, StartedHost } from '../hosts/host-behaviour.ts';

const far = 4_000_000_000;
const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize', params: {} };

export function describeSessions(
  start: (gate: McpGate, report: (seen: Seen) => void) => Promise<StartedHost>,
): void {
  describe('sessions and streams', () => {
    const principals = new Map<string, Principal>();
    let host: StartedHost;
    let seen: Seen[] = [];

    const allow = (token: string, about: Partial<Principal>) =>
      principals.set(token, {
        issuer,
        subject: 'alice',
        clientId: 'client-1',
        audience: [resource],
        scopes: new Set(['notes:read']),
        expiresAt: far,
        claims: {},
        ...about,
      });

    beforeAll(async () => {
      const guard = createTestGuard({
        verify: async (token) => {
          const principal = principals.get(token);
          if (principal === undefined) throw new AuthError('token_inactive');
          if (principal.expiresAt * 1_000 <= Date.now()) throw new AuthError('token_expired');
          return principal;
        },
      });
      const gate = createTestGate({ guard, streamCheckSeconds: 1, maximumStreamsPerCaller: 3 });
      host = await start(gate, (entry) => seen.push(entry));
    });
    afterAll(() => host.close());
    beforeEach(() => {
      seen = [];
      allow('alice', {});
      allow('alice-refreshed', { expiresAt: far + 1, scopes: new Set() });
      allow('bob', { subject: 'bob' });
      allow('other-issuer', { issuer: 'https://other.example.com' });
      allow('other-client', { clientId: 'client-2' });
    });

    const post = (token: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${host.url}/mcp`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
          ...headers,
        },
        body: JSON.stringify(body),
      });
    const inSession = (id: string) => ({
      'Mcp-Session-Id': id,
      'Mcp-Protocol-Version': '2025-11-25',
    });

    async function open(token: string): Promise<string> {
      const opened = await post(token, initialize);
      return opened.headers.get('Mcp-Session-Id') ?? '';
    }

    it('keeps a session for whom it was opened by, also after a refresh (MCP-04)', async () => {
      const id = await open('alice');

      expect(id).toMatch(/^session-1\.s1\.[A-Za-z0-9_-]{22}$/);
      expect((await post('alice', toolCall('list'), inSession(id))).status).toBe(200);
      expect((await post('alice-refreshed', toolCall('whoami'), inSession(id))).status).toBe(200);
      const last = seen.at(-1);
      expect(last?.headers).toMatchObject({ 'mcp-session-id': sessionId });
      expect(JSON.stringify(last)).not.toContain(id);
      expect(JSON.stringify(last?.rawHeaders)).toContain(sessionId);
    });

    it.each<[string, string | (() => Promise<string>)]>([
      ['empty', ''],
      ['stale', 'stale'],
      ["the server's own", sessionId],
      ["somebody else's", () => open('bob')],
      ['too long', 'x'.repeat(8_000)],
      ['not ASCII', '\u00ff'],
    ])('CASE-21: lets initialize pass whose id is %s, and hides it', async (_name, value) => {
      const id = typeof value === 'string' ? value : await value();
      for (const body of [initialize, [toolCall('list'), initialize]]) {
        const response = await post('alice', body, inSession(id));
        const last = seen.at(-1);

        expect(response.status).toBe(200);
        expect(last?.headers).not.toHaveProperty('mcp-session-id');
        expect(JSON.stringify(last?.rawHeaders).toLowerCase()).not.toContain('mcp-session-id');
      }
    });

    it('CASE-21: hides the id where the server never handed one out', async () => {
      const fresh = await start(createTestGate(), (entry) => seen.push(entry));
      const ask = (id: string) =>
        fetch(`${fresh.url}/mcp`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${tokens.read}`, ...inSession(id) },
          body: JSON.stringify(toolCall('list')),
        });
      const statuses = [(await ask('')).status, (await ask('stale')).status];
      const forged = (await ask('stale.s1.AAAAAAAAAAAAAAAAAAAAAA')).status;
      await fresh.close();

      expect([...statuses, forged]).toEqual([200, 200, 404]);
      expect(seen).toHaveLength(2);
      expect(JSON.stringify(seen).toLowerCase()).not.toContain('mcp-session-id');
    });

    it.each(['bob', 'other-issuer', 'other-client'])(
      'tells %s that there is no such session, whatever is asked for (MCP-04)',
      async (token) => {
        const id = await open('alice');
        seen = [];
        const headers = { Authorization: `Bearer ${token}`, ...inSession(id) };
        const answers = await Promise.all([
          post(token, toolCall('whoami'), headers),
          fetch(`${host.url}/mcp`, { headers: { ...headers, 'Last-Event-ID': '1' } }),
          fetch(`${host.url}/mcp`, { headers }),
          fetch(`${host.url}/mcp`, { method: 'DELETE', headers }),
        ]);

        expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
        expect(await answers[0]?.json()).toMatchObject({ error: { message: 'Session not found' } });
        expect(seen).toEqual([]);
        expect((await post('alice', toolCall('list'), inSession(id))).status).toBe(200);
      },
    );

    it('answers a session that was never opened like one of somebody else (MCP-04)', async () => {
      await open('alice');
      const ids = ['made-up', '', sessionId, 'made-up.s1.AAAAAAAAAAAAAAAAAAAAAA'];
      const answers = ids.map((id) => post('alice', toolCall('list'), inSession(id)));

      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([
        404, 404, 404, 404,
      ]);
    });

    it('MCP-04: shows Last-Event-ID only with a session of the caller', async () => {
      const id = await open('alice');
      const ask = (headers: Record<string, string>) =>
        fetch(`${host.url}/mcp`, {
          headers: { Authorization: 'Bearer alice', 'Last-Event-ID': 'event-1', ...headers },
        });
      await ask(inSession(id));
      expect(seen.at(-1)?.headers).toMatchObject({ 'last-event-id': 'event-1' });

      await ask({});
      await ask({ 'Mcp-Session-Id': id, 'Mcp-Protocol-Version': '2026-07-28' });
      expect(JSON.stringify(seen.slice(-2))).not.toContain('event-1');
    });

    it('hides the session id of a revision without sessions (MCP-04)', async () => {
      await post('alice', initialize);
      const headers = { 'Mcp-Session-Id': sessionId, 'Mcp-Protocol-Version': '2026-07-28' };
      const response = await post('bob', toolCall('whoami'), headers);

      expect(response.status).toBe(200);
      expect(JSON.stringify(seen.at(-1))).not.toContain(sessionId);
    });

    it('takes no session id for a token (MCP-04)', async () => {
      await post('alice', initialize);
      const response = await fetch(`${host.url}/mcp`, { headers: inSession(sessionId) });

      expect(response.status).toBe(401);
    });

    const streams: readonly [string, (token: string) => Promise<Response>][] = [
      [
        'GET stream',
        (token) =>
          fetch(`${host.url}/mcp`, {
            headers: { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' },
          }),
      ],
      [
        'subscription',
        (token) =>
          post(
            token,
            { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: {} },
            { Accept: 'text/event-stream' },
          ),
      ],
    ];

    const answers: typeof streams = [
      ...streams,
      [
        'call that is answered by a stream',
        (token) => post(token, toolCall('list'), { Accept: 'text/event-stream' }),
      ],
    ];

    it.concurrent.each(answers)('ends a %s when its token expires (MCP-06)', async (name, open) => {
      // A busy machine opens it a while later.
      const expiresAt = Math.ceil(Date.now() / 1_000) + 3;
      const token = `${name.slice(0, 3)}-that-expires`;
      allow(token, { expiresAt, subject: `expiring ${name}` });
      const response = await open(token);
      const text = await response.text();

      expect(response.status).toBe(200);
      expect(text).toMatch(/^: open\n\n(: more\n\n)+$/);
      expect(Date.now()).toBeGreaterThanOrEqual(expiresAt * 1_000);
    });

    it.concurrent.each(answers)(
      'ends a %s when its token is revoked (MCP-06)',
      async (name, open) => {
        const token = `${name.slice(0, 3)}-that-is-revoked`;
        allow(token, { subject: `revoked ${name}` });
        const response = await open(token);
        principals.delete(token);

        expect(await response.text()).toContain(': open');
      },
    );

    it.concurrent.each(answers)(
      'CASE-12, MCP-17: ends a %s whose token names another subject when it is looked at again',
      async (name, open) => {
        const token = `${name.slice(0, 3)}-that-changes-hands`;
        allow(token, { subject: `changing ${name}` });
        const response = await open(token);
        allow(token, { subject: 'mallory' });

        expect(await response.text()).toContain(': open');
      },
    );

    it.concurrent.for(streams)(
      'CASE-72: opens no more of a %s for one caller, and others go on',
      async ([name, open], { expect }) => {
        const token = `${name.slice(0, 3)}-that-opens-many`;
        allow(token, { subject: `many ${name}` });
        allow(`${token}-too`, { subject: `few ${name}` });
        const opened = await Promise.all([1, 2, 3, 4].map(() => open(token)));
        const [refused, further] = opened.filter(({ status }) => status !== 200);
        const other = await open(`${token}-too`);

        expect([refused?.status, further, other.status]).toEqual([429, undefined, 200]);
        expect(refused?.headers.get('Retry-After')).toBe('10');
        expect(await refused?.json()).toMatchObject({ jsonrpc: '2.0', error: { code: -32_000 } });
        const [left] = opened.filter(({ status }) => status === 200);
        await left?.body?.cancel();
        const again: Response[] = [];
        await expect
          .poll(async () => {
            again.push(await open(token));
            return again.at(-1)?.status;
          })
          .toBe(200);
        for (const { body } of [...opened, ...again, other]) {
          if (body?.locked === false) await body.cancel();
        }
      },
    );

    it.concurrent('CASE-72: requests that become no stream give their places back', async () => {
      allow('asks-often', { subject: 'impatient' });
      const statuses: number[] = [];
      for (let count = 0; count < 10; count += 1) {
        const headers = { Authorization: 'Bearer asks-often', Accept: 'application/json' };
        const response = await fetch(`${host.url}/mcp`, { headers });
        await response.text();
        // The client can have the last byte before the server's side has closed.
        await new Promise((resolve) => setTimeout(resolve, 20));
        statuses.push(response.status);
      }

      expect(new Set(statuses)).toEqual(new Set([200]));
    });
  });
}
