import { expect, it } from 'vitest';
import { begin, call, headersOf, type Running, readAnswer, start, textOf } from './set-up.ts';

it('MCP-21: two callers, each with and without a session, never meet in 1,000 interleaved calls', async () => {
  const running = await start();
  const users = [
    ...(await withSessions(running)),
    ...['alice', 'bob'].map((caller) => withoutSession(running, caller)),
  ];

  const results = await Promise.all(
    users.map(async (use, user) => {
      const given = Array.from({ length: 250 }, (_, index) => `${user}-${index}`);
      const answered = await inSteps(given, async (text, index) => [
        await use(index % 2 === 0 ? 'echo' : 'remember', { text }, index % 7),
        text,
      ]);
      return { given, answered, state: await use('recall') };
    }),
  );

  for (const { given, answered, state } of results) {
    for (const [text = '', own = ''] of answered) expect(text.endsWith(own)).toBe(true);
    const remembered = given.filter((_, index) => index % 2 === 1);
    expect(state.split(',').toSorted()).toEqual(remembered.toSorted());
  }
});

type Use = (name: string, given?: object, id?: number) => Promise<string>;

async function withSessions(running: Running): Promise<Use[]> {
  return [(await begin(running, 'alice')).use, (await begin(running, 'bob')).use];
}

function withoutSession(running: Running, caller: string): Use {
  return async (name, given = {}, id = 1) => {
    const request = withMeta(call(name, given, id));
    const answer = await running.post(request, { caller, headers: headersOf(request) });
    return textOf(await readAnswer(answer));
  };
}

/** What the revision without sessions asks of every request. */
const withMeta = (message: object) => {
  const { params, ...others } = message as { readonly params: object };
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return { ...others, params: { ...params, _meta } };
};

/** Ten at a time. */
async function inSteps<Value, Result>(
  values: readonly Value[],
  run: (value: Value, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < values.length; from += 10) {
    const step = values.slice(from, from + 10);
    results.push(...(await Promise.all(step.map((value, index) => run(value, from + index)))));
  }
  return results;
}
