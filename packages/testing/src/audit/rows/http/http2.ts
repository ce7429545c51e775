/** The same rules over HTTP/2. */
import { fail, isAccepted, isHandled, isRefused } from '../../judge/judges.ts';
import { type RowEntry, table } from '../../row.ts';
import type { CallChanges, Kit } from '../../target/kit.ts';
import type { AuditRequest } from '../../wire/request.ts';

const clause = 'RFC 9113 §8';

const over2 = (kit: Kit, changes: CallChanges): AuditRequest => ({
  ...kit.call(changes),
  http: 2,
});

const strangers: readonly (readonly [title: string, change: (kit: Kit) => CallChanges])[] = [
  ['a message without a token', () => ({})],
  ['two slashes in :path', (kit) => ({ target: `/${kit.path}` })],
  ['capitals in :path', (kit) => ({ target: kit.path.toUpperCase() })],
  ['a path parameter in :path', (kit) => ({ target: `${kit.path};audit` })],
  ['an absolute address in :path', (kit) => ({ target: `http://${kit.authority}${kit.path}` })],
  ['the method post', () => ({ method: 'post' })],
  ['the method AUDIT', (kit) => ({ method: 'AUDIT', body: JSON.stringify(kit.message) })],
  ['a token in the query', (kit) => ({ target: `${kit.path}?access_token=${kit.token ?? 'x'}` })],
];

/** HTTP/2. */
export const http2: ReturnType<typeof table> = table(
  'http2',
  ['http2'],
  [
    {
      title: 'a good message over HTTP/2',
      ...{ requirement: 'ANS-07', clause, right: 'serves it', severity: 'low' },
      needs: ['http2', 'access'],
      request: (kit) => over2(kit, {}),
      judge: isAccepted,
    },
    {
      title: 'a bad token over HTTP/2',
      ...{ requirement: 'ANS-03', clause, right: 'answers 401', severity: 'critical' },
      request: (kit) =>
        kit.isOpen ? undefined : over2(kit, { authorization: 'Bearer audit-wrong' }),
      judge: isRefused,
    },
    ...strangers.map(
      ([title, change]): RowEntry => ({
        title: `${title}, over HTTP/2`,
        ...{ requirement: 'HDR-21', clause, right: 'does not serve it', severity: 'critical' },
        request: (kit) =>
          kit.isOpen ? undefined : over2(kit, { authorization: null, ...change(kit) }),
        judge: isRefused,
      }),
    ),
    {
      title: ':authority and host differ, over HTTP/2',
      ...{ requirement: 'HDR-23', clause: 'RFC 9113 §8.3.1', severity: 'low' },
      right: 'answers 400',
      needs: ['http2', 'access'],
      // The equals sign keeps the field apart from :authority.
      request: (kit) => over2(kit, { fields: [['=host', 'audit-foreign.example']] }),
      judge: isRefused,
    },
    {
      title: 'another site as :authority',
      ...{ requirement: 'HDR-19', clause: 'CWE-350', severity: 'medium' },
      right: 'answers 403 or 421',
      needs: ['http2', 'access'],
      request: (kit) => over2(kit, { fields: [['Host', 'audit-foreign.example']] }),
      judge: isRefused,
    },
    {
      title: 'a content-length that is too small, over HTTP/2',
      ...{ requirement: 'HDR-13', clause: 'RFC 9113 §8.1.1', severity: 'medium' },
      right: 'resets the stream or answers 400',
      needs: ['http2', 'access'],
      request: (kit) => over2(kit, { fields: [['Content-Length', '1']] }),
      judge: (answer, kit) =>
        answer.status >= 200 && answer.status < 300
          ? fail(`${answer.status}: served`)
          : isHandled(answer, kit),
    },
    {
      title: 'the field te: trailers, over HTTP/2',
      ...{ requirement: 'MCP-19', clause: 'RFC 9113 §8.2.2', severity: 'low' },
      right: 'serves it or refuses it, and never fails',
      needs: ['http2', 'access'],
      request: (kit) => over2(kit, { fields: [['te', 'trailers']] }),
      judge: isHandled,
    },
  ],
);
