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
  'MCP 2026-07-28 transports, Sending Messages',
  title,
  (kit) => ({ body: JSON.stringify(items(kit)), fields: [['MCP-Protocol-Version', '2026-07-28']] }),
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

/** Batches, which revision 2026-07-28 does not have. */
export const batches: ReturnType<typeof table> = table(
  'batches',
  ['access'],
  batched.map(
    ([requirement, clause, title, change]): RowEntry => ({
      ...{ title: `${title}, in revision 2026-07-28`, requirement, clause, severity: 'low' },
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

/**
 * Content types. A page of another site can send the first three without a preflight, but never a token. So only
 * servers that ask for no token are tried.
 */
export const contentTypes: ReturnType<typeof table> = table(
  'content-type',
  ['access'],
  [
    ...types.map(
      (type, index): RowEntry => ({
        title: `a good message as ${type}`,
        ...{ requirement: 'MCP-13', clause: 'RFC 9110 §15.5.16; CWE-352' },
        ...{ right: 'answers 415 or 400', severity: index < 3 ? 'medium' : 'low' },
        request: (kit) => (kit.isOpen ? kit.call({ fields: [['Content-Type', type]] }) : undefined),
        judge: isRefused,
      }),
    ),
    {
      title: 'a good message without a content type',
      ...{ requirement: 'MCP-13', clause: 'RFC 9110 §8.3; CWE-352', severity: 'low' },
      right: 'answers 415 or 400',
      request: (kit) => (kit.isOpen ? kit.call({ omit: ['Content-Type'] }) : undefined),
      judge: isRefused,
    },
  ],
);
