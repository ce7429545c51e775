/** Instances of one server are processes that share nothing but their configuration. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { hmacKey, prefix } from './set-up.ts';

const tokens = {
  'dev-alice-12345': { client_id: 'alice', scopes: [] },
  'dev-bob-12345': { client_id: 'bob', scopes: [] },
};

async function startInstance(sessionSecret: string): Promise<string> {
  const child = fork(new URL('./session-process.ts', import.meta.url), [], {
    env: {
      ENVIRONMENT: 'development',
      [`${prefix}TYPE`]: 'static',
      [`${prefix}STATIC_TOKENS`]: JSON.stringify(tokens),
      [`${prefix}SESSION_SECRET`]: sessionSecret,
    },
    execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
  });
  onTestFinished(() => child.disconnect());
  const [port] = await once(child, 'message');
  return `http://localhost:${port}/mcp`;
}

function send(url: string, token: string, method: string, session?: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      ...(session !== undefined && { 'Mcp-Session-Id': session }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: {} }),
  });
}

it('MCP-16: processes that share FASTMCP_SERVER_AUTH_SESSION_SECRET know the sessions of each other', async () => {
  const [first, second, other] = await Promise.all([
    startInstance(hmacKey),
    startInstance(hmacKey),
    startInstance([...hmacKey].reverse().join('')),
  ]);
  const opened = await send(first, 'dev-alice-12345', 'initialize');
  const session = opened.headers.get('Mcp-Session-Id') ?? '';
  const ask = async (url: string, token: string) => {
    const response = await send(url, token, 'ping', session);
    return [response.status, (await response.text()).includes('session-of-the-server')];
  };

  expect(session).toMatch(/^session-of-the-server\.s1\./);
  expect(await ask(first, 'dev-alice-12345')).toEqual([200, true]);
  expect(await ask(second, 'dev-alice-12345')).toEqual([200, true]);
  expect(await ask(second, 'dev-bob-12345')).toEqual([404, false]);
  expect(await ask(other, 'dev-alice-12345')).toEqual([404, false]);
});
