/** Ways around a check that looks at the path. */
import { isRefused } from '../../judge/judges.ts';
import { type RowEntry, table } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';
import type { Fields } from '../../wire/request.ts';

const right = 'does not serve the message';
const clause = 'CVE-2025-54576; CWE-22';

const spellings: readonly (readonly [title: string, spell: (path: string) => string])[] = [
  ['two slashes in front', (path) => `/${path}`],
  ['a slash behind', (path) => `${path}/`],
  ['capitals', (path) => path.toUpperCase()],
  ['an encoded slash behind', (path) => `${path}%2f`],
  ['a path parameter', (path) => `${path};audit=1`],
  ['an encoded letter', (path) => encodeLast(path)],
  ['a doubly encoded letter', (path) => encodeLast(path).replace('%', '%25')],
  ['a dot segment in front', (path) => `/.${path}`],
  ['a dot segment behind', (path) => `${path}/.`],
  ['a way through /.well-known/', (path) => `/.well-known/..${path}`],
  ['a way through /health', (path) => `/health/..${path}`],
  ['an encoded way through /health', (path) => `/health/%2e%2e${path}`],
  ['a backslash', (path) => path.replace('/', '\\')],
  ['an encoded NUL byte behind', (path) => `${path}%00`],
  ['a query that looks like a public path', (path) => `${path}?/.well-known/oauth`],
  ['a fragment that looks like a public path', (path) => `${path}#/health`],
  ['a file extension', (path) => `${path}.json`],
];

function encodeLast(path: string): string {
  const last = path.charCodeAt(path.length - 1).toString(16);
  return `${path.slice(0, -1)}%${last}`;
}

const rewrites: readonly (readonly [title: string, fields: (kit: Kit) => Fields])[] = [
  ['X-Forwarded-Uri: /health', () => [['X-Forwarded-Uri', '/health']]],
  ['X-Original-URL: /health', () => [['X-Original-URL', '/health']]],
  ['X-Rewrite-URL: /health', () => [['X-Rewrite-URL', '/health']]],
  ['X-Forwarded-Path: /.well-known/x', () => [['X-Forwarded-Path', '/.well-known/x']]],
  ['the User-Agent of a health check', () => [['User-Agent', 'GoogleHC/1.0 kube-probe/1.30']]],
  ['X-Forwarded-For: 127.0.0.1', () => [['X-Forwarded-For', '127.0.0.1']]],
  ['X-Real-IP: 127.0.0.1', () => [['X-Real-IP', '127.0.0.1']]],
  ['X-Forwarded-User: admin', () => [['X-Forwarded-User', 'admin']]],
  ['X-Auth-Request-Email of a front proxy', () => [['X-Auth-Request-Email', 'a@example.com']]],
  ['X-Goog-Authenticated-User-Email', () => [['X-Goog-Authenticated-User-Email', 'a@b.example']]],
  ['X-Middleware-Subrequest of a framework', () => [['X-Middleware-Subrequest', 'middleware']]],
];

/** Paths. */
export const paths: ReturnType<typeof table> = table(
  'paths',
  [],
  [
    ...spellings.map(
      ([title, spell]): RowEntry => ({
        title: `the endpoint without a token, with ${title}`,
        ...{ requirement: 'HDR-16', clause, right, severity: 'critical' },
        request: (kit) =>
          kit.isOpen ? undefined : kit.call({ authorization: null, target: spell(kit.path) }),
        judge: isRefused,
      }),
    ),
    ...rewrites.map(
      ([title, fields]): RowEntry => ({
        title: `the endpoint without a token, with ${title}`,
        ...{ requirement: 'HDR-17', clause: 'CVE-2026-34457; CWE-290', right },
        severity: 'critical',
        request: (kit) =>
          kit.isOpen ? undefined : kit.call({ authorization: null, fields: fields(kit) }),
        judge: isRefused,
      }),
    ),
    {
      title: 'the endpoint without a token, as an absolute address',
      ...{ requirement: 'HDR-16', clause: 'RFC 9112 §3.2.2', right, severity: 'critical' },
      request: (kit) =>
        kit.isOpen
          ? undefined
          : kit.call({
              authorization: null,
              target: `${kit.settings.url.protocol}//${kit.authority}${kit.path}`,
            }),
      judge: isRefused,
    },
    ...['X-Original-URL', 'X-Rewrite-URL'].map(
      (field): RowEntry => ({
        title: `the root without a token, with ${field} of the endpoint`,
        ...{ requirement: 'HDR-16', clause, right, severity: 'critical' },
        request: (kit) =>
          kit.isOpen || kit.path === '/'
            ? undefined
            : kit.call({ authorization: null, target: '/', fields: [[field, kit.path]] }),
        // A page for people can stand at the root.
        judge: (answer, kit) =>
          answer.body.includes('"jsonrpc"')
            ? isRefused(answer, kit)
            : { outcome: 'pass', found: `${answer.status} without a message of MCP` },
      }),
    ),
  ],
);
