/** The program under 200 requests per second, from before its port opens until after it closes. */
import { expect, it } from 'vitest';
import { expectWhole } from './expect-whole.ts';
import { describeLost } from './fates.ts';
import { countResults, liveUnderLoad } from './whole-life.ts';

it.each([
  ['static tokens', { FASTMCP_SERVER_AUTH_TYPE: 'static' }],
  // The load has no token of it, so the gate answers 401 and 429.
  ['a local issuer', {}],
] as const)('CASE-20, CASE-25: accounts for every request with %s', async (_name, variables) => {
  expectWhole(await liveUnderLoad({ variables }));
});

it('OPS-11: serves in its grace period, and says at /health that it stops', async () => {
  const life = await liveUnderLoad({
    variables: { FASTMCP_SERVER_AUTH_TYPE: 'static', SHUTDOWN_GRACE_SECONDS: '1' },
  });
  const { after } = countResults(life);

  expect(describeLost(life)).toEqual([]);
  expect(after[200]).toBeGreaterThan(0);
  expect(after[503]).toBeGreaterThan(0);
  expect(life.exitCode).toBe(0);
});
