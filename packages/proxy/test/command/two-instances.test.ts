/** Two instances with the same session secret, each with children of its own. */
import { Secret } from '@sallyport/core';
import { expect, it } from 'vitest';
import { begin, call, connectV1, connectV2, start, textOf } from './set-up.ts';

const sessionSecret = new Secret('one-2Kd8sQz5vR0wYx7Lm3Tf9Hb6Nc1Jg4P');

it('MCP-04: a session that reaches another instance is answered 404, and stays at its own', async () => {
  const [first, second] = await Promise.all([start({ sessionSecret }), start({ sessionSecret })]);
  const { session, use } = await begin(first);
  expect(await use('remember', { text: 'here' })).toBe('here');

  const astray = await second.post(call('recall', {}, 'a'), { session });

  expect(astray.status).toBe(404);
  expect(await astray.json()).toEqual({
    jsonrpc: '2.0',
    id: 'a',
    error: { code: -32_001, message: 'Session not found' },
  });
  expect((await second.post(undefined, { session, method: 'GET' })).status).toBe(404);
  expect((await second.post(undefined, { session, method: 'DELETE' })).status).toBe(404);
  expect(await use('recall')).toBe('here');
});

it.each([
  ['v1', connectV1],
  ['v2 with sessions', connectV2],
] as const)('MCP-04: a client of %s is told, and begins anew there', async (_name, connect) => {
  const [first, second] = await Promise.all([start({ sessionSecret }), start({ sessionSecret })]);
  // A load balancer without affinity.
  const balancer = { instance: first };
  const route: typeof fetch = (input, init) => {
    const { pathname } = new URL(String(input));
    return fetch(new URL(pathname, balancer.instance.url), init);
  };
  const recall = { name: 'recall', arguments: {} };
  const options = { mode: 'legacy', fetch: route } as const;
  const client = await connect(first, 'alice', options);
  await client.callTool({ name: 'remember', arguments: { text: 'here' } });
  expect(textOf({ result: await client.callTool(recall) })).toBe('here');

  balancer.instance = second;
  await expect(client.callTool(recall)).rejects.toThrow(/Session not found/);

  const anew = await connect(first, 'alice', options);
  expect(textOf({ result: await anew.callTool(recall) })).toBe('');
});
