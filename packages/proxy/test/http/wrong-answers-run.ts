/** The process with the proxies that the wrong servers stand behind. */
import { reportWrongHttpAnswers } from '@sallyport/testing/wrong-http';
import { ping, post, startProxy } from '../fixture.ts';

await reportWrongHttpAnswers((url, good) => {
  const proxy = startProxy({ url: `${url}/mcp`, answerTimeoutSeconds: 1 });
  return {
    async ask() {
      const response = await post((await proxy).url, ping);
      const text = await response.text().catch(() => 'cut off');
      if (response.status === 503) {
        return response.headers.has('Retry-After') ? 'unavailable' : '503 without Retry-After';
      }
      if (response.status === 200) return describeAnswer(text, good);
      return response.status < 500 ? 'refused' : `status ${response.status}`;
    },
    close: async () => (await proxy).stop(),
  };
});

/** The proxy passes every JSON-RPC message on, and streams large bodies without a look at the whole. */
function describeAnswer(text: string, good: string): string {
  if (text === good) return 'good';
  if (text.length > 262_144) return 'large';
  // A stream of events is an answer, and so is a batch.
  if (text === `data: ${good}\n\n` || text === `[${good}]`) return 'another message';
  try {
    return JSON.parse(text).jsonrpc === '2.0' ? 'another message' : 'no message';
  } catch {
    return `not JSON: ${text.slice(0, 20)}`;
  }
}
