/** What every host must show of sessions and streams, over real sockets. */
import { AuthError, type Principal } from '@sallyport/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { McpGate } from '../src/index.ts';
import { sessionId } from './example-server.ts';
import { createTestGate, createTestGuard, issuer, resource, toolCall } from './fixture.ts';
import type { Seen, StartedHost } from './host-behaviour.ts';

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
      const gate = createTestGate({ guard, streamCheckSeconds: 1 });
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

    it('keeps a session for whom it was opened by, also after a refresh (MCP-04)', async () => {
      const opened = await post('alice', initialize);

      expect(opened.headers.get('Mcp-Session-Id')).toBe(sessionId);
      expect((await post('alice', toolCall('list'), inSession(sessionId))).status).toBe(200);
      expect((await post('alice-refreshed', toolCall('whoami'), inSession(sessionId))).status).toBe(
        200,
      );
      expect(seen.at(-1)?.headers).toMatchObject({ 'mcp-session-id': sessionId });
    });

    it.each(['bob', 'other-issuer', 'other-client'])(
      'tells %s that there is no such session, whatever is asked for (MCP-04)',
      async (token) => {
        await post('alice', initialize);
        seen = [];
        const headers = { Authorization: `Bearer ${token}`, ...inSession(sessionId) };
        const answers = await Promise.all([
          post(token, toolCall('whoami'), headers),
          post(token, initialize, headers),
          fetch(`${host.url}/mcp`, { headers }),
          fetch(`${host.url}/mcp`, { method: 'DELETE', headers }),
        ]);

        expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
        expect(await answers[0]?.json()).toMatchObject({ error: { message: 'Session not found' } });
        expect(seen).toEqual([]);
        expect((await post('alice', toolCall('list'), inSession(sessionId))).status).toBe(200);
      },
    );

    it('answers a session that was never opened like one of somebody else (MCP-04)', async () => {
      expect((await post('alice', toolCall('list'), inSession('made-up'))).status).toBe(404);
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

    it.concurrent.each(streams)('ends a %s when its token expires (MCP-06)', async (name, open) => {
      const expiresAt = Math.floor(Date.now() / 1_000) + 2;
      const token = `${name.slice(0, 3)}-that-expires`;
      allow(token, { expiresAt });
      const response = await open(token);
      const text = await response.text();

      expect(response.status).toBe(200);
      expect(text).toMatch(/^: open\n\n(: more\n\n)+$/);
      expect(Date.now()).toBeGreaterThanOrEqual(expiresAt * 1_000);
    });

    it.concurrent.each(streams)(
      'ends a %s when its token is revoked (MCP-06)',
      async (name, open) => {
        const token = `${name.slice(0, 3)}-that-is-revoked`;
        allow(token, {});
        const response = await open(token);
        principals.delete(token);

        expect(await response.text()).toContain(': open');
      },
    );

    it.concurrent('lets a call finish whose token expires under way (MCP-06)', async () => {
      allow('short', { expiresAt: Math.floor(Date.now() / 1_000) + 2 });
      const response = await post('short', toolCall('list'), { Accept: 'text/event-stream' });
      const reader = response.body?.getReader();
      const until = Date.now() + 3_000;
      let done: boolean | undefined;
      while (Date.now() < until) done = (await reader?.read())?.done;
      await reader?.cancel();

      expect(done).toBe(false);
    });
  });
}
