/** Pages of other sites, and names that other people control (DNS rebinding). */
import { fail, isRefused, pass } from '../../judge/judges.ts';
import { type Judge, type RowEntry, table } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';
import type { Fields } from '../../wire/request.ts';

const clause = 'MCP 2025-06-18 transports, Security Warning';

const isForbidden: Judge = (answer, kit) => {
  const verdict = isRefused(answer, kit);
  if (verdict.outcome !== 'pass' || answer.status === 403) return verdict;
  return answer.status === 400 || answer.status === 421 || answer.status === 404
    ? verdict
    : fail(`${answer.status || answer.end} in place of 403`, 'low');
};

const origins: readonly (readonly [title: string, origin: (kit: Kit) => string])[] = [
  ['another site', () => 'https://audit-foreign.example'],
  ['null', () => 'null'],
  ['a name that begins like the host', (kit) => `https://${hostname(kit)}.audit-foreign.example`],
  ['a name that ends like the host', (kit) => `https://audit-foreign-${hostname(kit)}`],
  ['the host as user name', (kit) => `https://${hostname(kit)}@audit-foreign.example`],
  ['file', () => 'file://'],
  ['a browser extension', () => 'chrome-extension://abcdefghijklmnop'],
];

/** A page can reach a server on loopback, and one that asks for no token. */
function canBeRebound({ isOpen, settings }: Kit): boolean {
  const { hostname } = new URL(settings.resource);
  return isOpen || hostname === 'localhost' || hostname.startsWith('127.');
}

const hosts: readonly (readonly [title: string, host: (kit: Kit) => string])[] = [
  ['another site', () => 'audit-foreign.example'],
  ['another site and the port of the server', (kit) => `audit-foreign.example:${port(kit)}`],
  ['a name that begins like the host', (kit) => `${hostname(kit)}.audit-foreign.example`],
  ['the host as user name', (kit) => `${kit.authority}@audit-foreign.example`],
  ['a wildcard DNS service', () => '127.0.0.1.nip.io'],
];

function hostname({ settings }: Kit): string {
  return settings.url.hostname;
}

function port({ settings }: Kit): string {
  return settings.url.port || (settings.url.protocol === 'https:' ? '443' : '80');
}

const malformed: readonly (readonly [title: string, host: (kit: Kit) => Fields, omit: string[]])[] =
  [
    ['no Host', () => [], ['Host']],
    ['an empty Host', () => [['Host', '']], []],
    [
      'two Host fields',
      (kit) => [
        ['Host', kit.authority],
        ['Host', 'audit-foreign.example'],
      ],
      [],
    ],
    ['a Host with a space', (kit) => [['Host', `${kit.authority} audit`]], []],
    ['a Host with a path', (kit) => [['Host', `${kit.authority}/audit`]], []],
  ];

/** Host and Origin. */
export const rebinding: ReturnType<typeof table> = table(
  'rebinding',
  ['access'],
  [
    ...origins.map(
      ([title, origin]): RowEntry => ({
        title: `a good message with the Origin of ${title}`,
        ...{ requirement: 'HDR-18', clause, right: 'answers 403', severity: 'medium' },
        request: (kit) => kit.call({ fields: [['Origin', origin(kit)]] }),
        judge: isForbidden,
      }),
    ),
    {
      title: 'a good message with two Origin fields',
      ...{ requirement: 'HDR-18', clause, right: 'answers 403 or 400', severity: 'low' },
      request: (kit) =>
        kit.call({
          fields: [
            ['Origin', kit.settings.url.origin],
            ['Origin', 'https://audit-foreign.example'],
          ],
        }),
      judge: isForbidden,
    },
    ...hosts.map(
      ([title, host]): RowEntry => ({
        title: `a good message with the Host of ${title}`,
        ...{ requirement: 'HDR-19', clause: 'CWE-350', severity: 'low' },
        right: 'answers 403 or 421',
        request: (kit) =>
          canBeRebound(kit) ? kit.call({ fields: [['Host', host(kit)]] }) : undefined,
        judge: isForbidden,
      }),
    ),
    ...malformed.map(
      ([title, fields, omit]): RowEntry => ({
        title: `a good message with ${title}`,
        ...{
          requirement: 'HDR-23',
          clause: 'RFC 9112 §3.2',
          right: 'answers 400',
          severity: 'low',
        },
        request: (kit) => kit.call({ fields: fields(kit), omit }),
        judge: isRefused,
      }),
    ),
    {
      title: 'an absolute address of another host than Host',
      ...{ requirement: 'CASE-11', clause: 'RFC 9112 §3.2.2', severity: 'low' },
      right: 'answers 400 or 403',
      request: (kit) => kit.call({ target: `http://audit-foreign.example${kit.path}` }),
      judge: isRefused,
    },
    {
      title: 'a good message with its own Host and no Origin',
      ...{ requirement: 'HDR-18', clause, right: 'serves it', severity: 'low' },
      request: (kit) => kit.call(),
      judge: (answer) =>
        answer.status >= 200 && answer.status < 300
          ? pass(`${answer.status}`)
          : fail(`${answer.status}`),
    },
  ],
);
