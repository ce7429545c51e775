import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import { startWithAuthorizationServer } from './reference-server.ts';

const revision = '2026-07-28';

it('ends open subscriptions and then stops, without waiting for their tokens (OPS-06)', async () => {
  const { server, authorizationServer } = await startWithAuthorizationServer();
  const token = await authorizationServer.mintToken({ scope: 'read:data' });
  const response = await fetch(server.resource, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'Mcp-Protocol-Version': revision,
      'Mcp-Method': 'subscriptions/listen',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'subscriptions/listen',
      params: {
        notifications: { toolsListChanged: true },
        _meta: {
          [PROTOCOL_VERSION_META_KEY]: revision,
          [CLIENT_INFO_META_KEY]: { name: 'test', version: '1.0.0' },
          [CLIENT_CAPABILITIES_META_KEY]: {},
        },
      },
    }),
  });
  expect(response.headers.get('Content-Type')).toContain('text/event-stream');
  const reader = response.body?.getReader();
  await reader?.read();
  const [chunk] = await Promise.all([reader?.read(), server.stop()]);
  await authorizationServer.stop();

  // An end, where a connection that is cut would be an error.
  expect(chunk?.done).toBe(true);
});
