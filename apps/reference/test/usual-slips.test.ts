/** Beyond the twelve: slips of each kind, and what the one line of the log says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultBench, openFaultBench } from './fault-bench.ts';
import * as slips from './usual-slips.ts';

let bench: FaultBench;

beforeAll(async () => {
  bench = await openFaultBench();
});
afterAll(() => bench.close());

describe.each(Object.entries(slips))('%s', (_kind, rows) => {
  it.each(rows)('CASE-37: one line names %s', async (_name, status, cause, planted) => {
    const changed = planted.authorization === 'CHANGED' ? await changedToken() : planted;
    const answer = await bench.plant(changed);

    expect(answer.message).toMatch(cause);
    expect(answer.status).toBe(status);
  });
});

/** Its signature is that of another token. */
async function changedToken() {
  const claims = { iss: 'https://id.acme-corp.dev/tenant' };
  const [one, other] = [await bench.server.mintToken(claims), await bench.server.mintToken(claims)];
  const parts = [...one.split('.').slice(0, 2), other.split('.')[2]];
  return { authorization: `Bearer ${parts.join('.')}` };
}
