/** Servers of every kind behind the proxy, with the clients of both SDK lines in front. */

import { answeringClients, type ToolResult, textOf } from '@sallyport/test-parts/answering-clients';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, bob, call, issuer, post, startProxy, type TestProxy } from '../fixture.ts';
import { interleave } from './interleave.ts';
import { type StartedUpstream, upstreams } from './upstreams.ts';

describe.each(Object.entries(upstreams))('%s', (kind, start) => {
  let upstream: StartedUpstream;
  let proxy: TestProxy;
  beforeAll(async () => {
    upstream = await start();
    proxy = await startProxy({ url: upstream.url });
  });
  afterAll(async () => {
    await proxy.stop();
    await upstream.stop();
  });

  it.each(Object.entries(answeringClients))(
    'knows who calls through %s',
    async (_name, connect) => {
      const client = await connect(proxy.url, alice);

      expect(await client.listTools()).toEqual(expect.arrayContaining(['whoami', 'write', 'read']));
      expect(textOf(await client.callTool('whoami', {}))).toBe(`${issuer}#alice`);
      await client.close();
    },
  );

  it('never shows the state of one caller to another, in 100 interleaved calls', async () => {
    expect(await interleave(proxy.url, [alice, bob], 25)).toEqual([]);
  });

  it('has had no fault', () => {
    expect(proxy.events.map(({ type }) => type)).toEqual(['assertion_key_random']);
  });

  if (kind === 'a server in Python') {
    it('MCP-18: reads the very numbers that the client wrote', async () => {
      for (const [written, read] of [
        ['12345678901234567890123', '12345678901234567890123'],
        ['1.0', '1.0'],
        ['1', '1'],
        ['-0.0', '-0.0'],
        ['1e400', 'inf'],
      ]) {
        const text = JSON.stringify(call('number')).replace('{}', `{"value":${written}}`);
        const response = await post(proxy.url, text);
        const { result } = (await response.json()) as { result: ToolResult };
        expect(textOf(result)).toBe(read);
      }
    });
  }
});
