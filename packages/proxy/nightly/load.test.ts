/** What takes too long for every run. */
import { expect, it } from 'vitest';
import { startProxy, tokenOf } from '../test/fixture.ts';
import { interleave } from '../test/servers/interleave.ts';
import { killUnderLoad, rightOutcomes } from '../test/servers/kill-under-load.ts';
import { upstreams } from '../test/servers/upstreams.ts';

it.each(Object.entries(upstreams))(
  'never shows the state of one of ten callers to another behind %s, in 1,000 interleaved calls',
  async (_kind, start) => {
    const upstream = await start();
    const proxy = await startProxy({ url: upstream.url });
    const tokens = Array.from({ length: 10 }, (_none, index) => tokenOf(`c${index}`, 'notes:read'));

    expect(await interleave(proxy.url, tokens, 50)).toEqual([]);
    await proxy.stop();
    await upstream.stop();
  },
);

it('MCP-20: answers every request of an upstream that is killed 20 times', async () => {
  const outcomes = await killUnderLoad(20);

  expect([...outcomes.keys()].filter((outcome) => !rightOutcomes.includes(outcome))).toEqual([]);
});
