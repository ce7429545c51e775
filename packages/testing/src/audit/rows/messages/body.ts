/** Bodies that two readers understand differently, or that are no message (JSON-RPC 2.0 §4). */
import { gzipSync } from 'node:zlib';
import { isBadMessage, isHandled, isRefused } from '../../judge/judges.ts';
import { type RowEntry, table } from '../../row.ts';
import type { CallChanges, Kit } from '../../target/kit.ts';
import type { Fields } from '../../wire/request.ts';

type Body = readonly [
  requirement: string,
  clause: string,
  title: string,
  change: (kit: Kit) => CallChanges,
];

const rpc = 'JSON-RPC 2.0 §4';
const json = 'RFC 8259 §8.1';
const body = (title: string, text: string | Uint8Array): Body => [
  'MCP-14',
  rpc,
  title,
  () => ({ body: text }),
];
const message = (title: string, changes: object): Body => [
  'MCP-14',
  rpc,
  title,
  (kit) => ({ body: JSON.stringify({ ...kit.message, ...changes }) }),
];

const malformed: readonly Body[] = [
  body('an empty body', ''),
  body('null', 'null'),
  body('a number', '1'),
  body('a text', '"initialize"'),
  body('true', 'true'),
  body('an empty object', '{}'),
  body('half an object', '{"jsonrpc":"2.0"'),
  body('NaN', '{"jsonrpc":"2.0","id":NaN,"method":"ping"}'),
  body('single quotes', "{'jsonrpc':'2.0','id':1,'method':'ping'}"),
  [
    'MCP-14',
    json,
    'a second message behind the first',
    (kit) => ({ body: `${JSON.stringify(kit.message)}{}` }),
  ],
  ['MCP-14', json, 'a comment', (kit) => ({ body: `/* */${JSON.stringify(kit.message)}` })],
  message('jsonrpc 1.0', { jsonrpc: '1.0' }),
  message('jsonrpc as a number', { jsonrpc: 2 }),
  message('no jsonrpc', { jsonrpc: undefined }),
  message('no method', { method: undefined }),
  message('a number as method', { method: 1 }),
  message('a list as method', { method: ['initialize'] }),
  message('an object as id', { id: { audit: 1 } }),
  message('a list as id', { id: [1] }),
  message('an unknown method', { method: 'audit/unknown' }),
  message('the method __proto__', { method: '__proto__' }),
  message('the method constructor', { method: 'constructor' }),
  message('a text as params', { params: 'audit' }),
  [
    'MCP-18',
    json,
    'UTF-16',
    (kit) => ({ body: Buffer.from(JSON.stringify(kit.message), 'utf16le') }),
  ],
  [
    'MCP-18',
    json,
    'invalid UTF-8 in the method',
    () => ({ body: Buffer.from('{"jsonrpc":"2.0","id":1,"method":"pin\xff"}', 'latin1') }),
  ],
  [
    'MCP-15',
    'CWE-674',
    'an object nested 100,000 levels deep',
    () => ({ body: `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}` }),
  ],
  [
    'MCP-15',
    'CWE-674',
    'a list nested 100,000 levels deep',
    () => ({ body: `${'['.repeat(100_000)}${']'.repeat(100_000)}` }),
  ],
];

const handled: readonly Body[] = [
  [
    'MCP-15',
    'CWE-674',
    'params nested 10,000 levels deep',
    (kit) => ({
      body: `{"jsonrpc":"2.0","id":1,"method":"${kit.message['method']}","params":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    }),
  ],
  [
    'MCP-15',
    'CWE-400',
    'params with 100,000 members',
    (kit) => ({
      body: JSON.stringify({
        ...kit.message,
        params: { list: Array.from({ length: 100_000 }, () => 1) },
      }),
    }),
  ],
  [
    'MCP-14',
    'CWE-1321',
    'the member __proto__',
    (kit) => ({ body: `{"__proto__":{"audit":1},${JSON.stringify(kit.message).slice(1)}` }),
  ],
  [
    'MCP-18',
    'RFC 8259 §4',
    'the method twice',
    (kit) => ({ body: `{"method":"ping",${JSON.stringify(kit.message).slice(1)}` }),
  ],
  [
    'MCP-18',
    json,
    'a byte order mark',
    (kit) => ({ body: `\ufeff${JSON.stringify(kit.message)}` }),
  ],
  [
    'MCP-18',
    'RFC 8259 §8.2',
    'half a surrogate pair',
    (kit) => ({ body: JSON.stringify({ ...kit.message, id: 'x' }).replace('"x"', '"\\ud800"') }),
  ],
  [
    'MCP-18',
    'RFC 8259 §6',
    'a number beyond 64 bits as id',
    (kit) => ({ body: JSON.stringify(kit.message).replace('"id":1', '"id":1e400') }),
  ],
];

const revision: Fields = [['MCP-Protocol-Version', '2026-07-28']];
const mirrored = {
  ...{ requirement: 'MCP-02', clause: 'MCP 2026-07-28 transports, Server Validation' },
  ...({ severity: 'low', right: 'answers 400' } as const),
};

/** Bodies. */
export const bodies: ReturnType<typeof table> = table(
  'body',
  ['access'],
  [
    ...malformed.map(
      ([requirement, clause, title, change]): RowEntry => ({
        title: `a body with ${title}`.replace('with an empty body', 'without bytes'),
        ...{ requirement, clause, severity: 'low' },
        right: 'answers 400, or an error of JSON-RPC',
        request: (kit) => kit.call(change(kit)),
        judge: isBadMessage,
      }),
    ),
    ...handled.map(
      ([requirement, clause, title, change]): RowEntry => ({
        title: `a message with ${title}`,
        ...{ requirement, clause, right: 'serves it or refuses it, and never fails' },
        severity: 'medium',
        request: (kit) => kit.call(change(kit)),
        judge: isHandled,
      }),
    ),
    {
      title: 'a message that gzip compressed',
      ...{ requirement: 'MCP-13', clause: 'RFC 9110 §8.4', severity: 'low' },
      right: 'answers 415 or 400, or reads it',
      request: (kit) =>
        kit.call({
          fields: [['Content-Encoding', 'gzip']],
          body: gzipSync(JSON.stringify(kit.message)),
        }),
      judge: isHandled,
    },
    {
      title: '20 MB of spaces that gzip compressed',
      ...{ requirement: 'MCP-13', clause: 'CWE-409', severity: 'medium' },
      right: 'answers 415, 413 or 400',
      request: (kit) =>
        kit.call({
          fields: [['Content-Encoding', 'gzip']],
          body: gzipSync(Buffer.alloc(20_000_000, 32)),
        }),
      judge: isRefused,
    },
    {
      title: 'Mcp-Method: tools/list in front of another message, in revision 2026-07-28',
      ...mirrored,
      request: (kit) => kit.call({ fields: [...revision, ['Mcp-Method', 'tools/list']] }),
      judge: isRefused,
    },
    {
      title: 'Mcp-Name with another name than that of the prompt, in revision 2026-07-28',
      ...mirrored,
      request: (kit) =>
        kit.call({
          fields: [...revision, ['Mcp-Method', 'prompts/get'], ['Mcp-Name', 'audit-b']],
          body: JSON.stringify({
            ...{ jsonrpc: '2.0', id: 1, method: 'prompts/get' },
            params: { name: 'audit-a' },
          }),
        }),
      judge: isRefused,
    },
  ],
);
