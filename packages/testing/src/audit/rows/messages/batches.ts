/** Several messages in one body, and bodies of other content types. */
import { isBadMessage, isRefused } from '../../judge/judges.ts';
import { type RowEntry, table } from '../../row.ts';
import type { CallChanges, Kit } from '../../target/kit.ts';

type Body = readonly [
  requirement: string,
  clause: string,
  title: string,
  change: (kit: Kit) => CallChanges,
];

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
const batch = (title: string, items: (kit: Kit) => unknown): Body => [
  'MCP-03',
  'MCP 2025-06-18 transports',
  title,
  (kit) => ({ body: JSON.stringify(items(kit)), fields: [['MCP-Protocol-Version', '2025-06-18']] }),
];

const batched: readonly Body[] = [
  batch('an empty batch', () => []),
  batch('a batch of two pings', () => [ping, { ...ping, id: 2 }]),
  batch('a batch of two initialize messages', (kit) => [kit.message, kit.message]),
  batch('a batch of 1,000 pings', () =>
    Array.from({ length: 1_000 }, (_, id) => ({ ...ping, id })),
  ),
  batch('a batch in a batch', () => [[ping]]),
  batch('a batch with null', () => [null, ping]),
  batch('a batch of a request and a response', () => [ping, { jsonrpc: '2.0', id: 9, result: {} }]),
];

/** Batches. Revisions since 2025-06-18 have none. */
export const batches: ReturnType<typeof table> = table(
  'batches',
  ['access'],
  batched.map(
    ([requirement, clause, title, change]): RowEntry => ({
      ...{ title, requirement, clause, severity: 'low' },
      right: 'answers 400, or an error of JSON-RPC',
      request: (kit) => kit.call(change(kit)),
      judge: isBadMessage,
    }),
  ),
);

const types = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain; application/json',
  'application/jsonp',
  'application/xml',
  'application/json-patch+json',
];

/** Content types. A page of another site can send the first three without a preflight. */
export const contentTypes: ReturnType<typeof table> = table(
  'content-type',
  ['access'],
  [
    ...types.map(
      (type, index): RowEntry => ({
        title: `a good message as ${type}`,
        ...{ requirement: 'MCP-13', clause: 'RFC 9110 §15.5.16; CWE-352' },
        ...{ right: 'answers 415 or 400', severity: index < 3 ? 'medium' : 'low' },
        request: (kit) => kit.call({ fields: [['Content-Type', type]] }),
        judge: isRefused,
      }),
    ),
    {
      title: 'a good message without a content type',
      ...{ requirement: 'MCP-13', clause: 'RFC 9110 §8.3; CWE-352', severity: 'low' },
      right: 'answers 415 or 400',
      request: (kit) => kit.call({ omit: ['Content-Type'] }),
      judge: isRefused,
    },
  ],
);
