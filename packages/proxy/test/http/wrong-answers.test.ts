/** What an upstream, or something on the connection to it, may answer (MCP-20). */
import { tryWrongHttpAnswers, wrongHttpAnswers } from '@sallyport/testing/wrong-http';
import { expect, it } from 'vitest';

it('MCP-20: every answer that is no JSON-RPC message is a 503 with Retry-After, in time', async () => {
  const good = JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} });
  const { tried, used, ...rest } = await tryWrongHttpAnswers({
    module: new URL('./wrong-answers-run.ts', import.meta.url),
    answers: wrongHttpAnswers(good),
    good,
    about: good,
    unavailable: ['unavailable', 'refused', 'another message', 'large'],
  });

  expect(rest).toEqual({ mistakes: [], output: '', exit: [0, null] });
  expect(tried).toBeGreaterThan(200);
  expect(used).toBeGreaterThan(10);
});
