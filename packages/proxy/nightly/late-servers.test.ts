/** Servers over stdio that take long to start, and which revision they are spoken to in. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { headersOf, readAnswer, start, textOf } from '../test/command/set-up.ts';

const late = fileURLToPath(new URL('./servers/late-server.mjs', import.meta.url));
const revision = '2026-07-28';
const call = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: 'revision',
    arguments: {},
    _meta: {
      'io.modelcontextprotocol/protocolVersion': revision,
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
};

it.each([
  ['that speaks 2026-07-28 gets requests as they are', 'native', revision],
  ['of an older revision gets translated requests', 'older', 'undefined'],
  ['that never answers what it does not know gets translated requests', 'silent', 'undefined'],
])('a server that starts slowly and %s', async (_name, kind, expected) => {
  const running = await start({ args: [late, kind], startTimeoutSeconds: 30 });

  for (const caller of ['alice', 'bob']) {
    const answer = await running.post(call, { caller, headers: headersOf(call) });
    expect(textOf(await readAnswer(answer))).toBe(expected);
  }
});

it.each([
  // It answers the first question before it gets the second.
  ['in time', 30],
  // It gets both questions, and then speaks the older revision.
  ['too late', 9],
])(
  'MCP-21: a server of SDK v2 that starts %s answers by 2026-07-28',
  async (_name, startTimeoutSeconds) => {
    const running = await start({ args: [late, 'sdk'], startTimeoutSeconds });
    const list = { ...call, method: 'tools/list', params: { _meta: call.params._meta } };

    for (const caller of ['alice', 'bob']) {
      const answer = await running.post(list, { caller, headers: headersOf(list) });
      expect(await readAnswer(answer)).toMatchObject({
        result: { resultType: 'complete', cacheScope: 'private' },
      });
    }
  },
);
