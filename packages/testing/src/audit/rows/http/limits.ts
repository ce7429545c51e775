/** Requests that are too large, too many or too slow. */
import {
  describe,
  fail,
  isAccepted,
  isHandled,
  isRefused,
  leftOut,
  pass,
} from '../../judge/judges.ts';
import { type Judge, type RowEntry, table } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';
import { type AuditRequest, type Fields, toBytes } from '../../wire/request.ts';

const clause = 'CWE-400';

/** Whoever refuses by closing has refused as well. Then a good message must still be served. */
async function afterwards(kit: Kit, request: AuditRequest, judge: Judge) {
  const verdict = judge(await kit.send(request), kit);
  if (verdict.outcome !== 'pass' || (kit.token === undefined && !kit.isOpen)) return verdict;
  const next = isAccepted(await kit.send(kit.call()), kit);
  return next.outcome === 'fail' ? fail(`the next good message: ${next.found}`, 'high') : verdict;
}

const many = (count: number): Fields =>
  Array.from({ length: count }, (_, index) => [`X-Audit-${index}`, '1'] as const);

const heads: readonly (readonly [title: string, change: (kit: Kit) => AuditRequest])[] = [
  ['one field of 100 KB', (kit) => kit.call({ fields: [['X-Audit', 'a'.repeat(100_000)]] })],
  ['a token of 100 KB', (kit) => kit.call({ authorization: `Bearer ${'a'.repeat(100_000)}` })],
  ['5,000 fields', (kit) => kit.call({ fields: many(5_000) })],
  ['a target of 100 KB', (kit) => kit.call({ target: `${kit.path}?${'a'.repeat(100_000)}` })],
];

const small = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"audit":"`;

const bodies: readonly (readonly [title: string, request: (kit: Kit) => AuditRequest])[] = [
  ['a body of 20 MB', (kit) => kit.call({ body: `${small}${'a'.repeat(20_000_000)}"}}` })],
  [
    'a chunked body of 20 MB',
    (kit) =>
      kit.call({
        fields: [['Transfer-Encoding', 'chunked']],
        body: `1312d00\r\n${'a'.repeat(20_000_000)}\r\n0\r\n\r\n`,
      }),
  ],
];

interface Slow {
  readonly title: string;
  readonly request: (kit: Kit) => AuditRequest;
}

const slow: readonly Slow[] = [
  {
    title: 'a head that stops after its first field',
    request: (kit) => ({ ...kit.call({ authorization: null }), stopsAfter: 'first-field' }),
  },
  {
    title: 'a body that never comes, with access',
    request: (kit) => ({
      ...kit.call({ fields: [['Content-Length', '1000']] }),
      ...{ body: '', stopsAfter: 'head' },
    }),
  },
];

/** Limits. */
export const limits: ReturnType<typeof table> = table(
  'limits',
  ['access'],
  [
    ...heads.map(
      ([title, request]): RowEntry => ({
        title,
        ...{ requirement: 'HDR-12', clause: 'RFC 6585 §5', severity: 'medium' },
        right: 'answers 431, 414 or 401, or closes; the server goes on',
        run: (kit) => afterwards(kit, request(kit), isHandled),
      }),
    ),
    {
      title: '3,000 fields with a token as the last one',
      ...{ requirement: 'HDR-11', clause, severity: 'low' },
      right: 'answers 401 or 431; the server goes on',
      needs: ['token'],
      run: (kit) =>
        afterwards(
          kit,
          kit.call({
            authorization: null,
            fields: [...many(3_000), ['Authorization', `Bearer ${kit.token}`]],
          }),
          isHandled,
        ),
    },
    ...bodies.map(
      ([title, request]): RowEntry => ({
        title,
        ...{ requirement: 'MCP-12', clause, severity: 'medium' },
        right: 'answers 413, or closes; the server goes on',
        run: (kit) => afterwards(kit, request(kit), isRefused),
      }),
    ),
    {
      title: 'fifty messages on one connection, without a token',
      ...{ requirement: 'HDR-14', clause, severity: 'medium', needs: [] },
      right: 'answers or closes, and never fails',
      async run(kit) {
        const one = kit.call({ authorization: null });
        const answer = await kit.send({
          ...one,
          ...{ trailing: toBytes(one).toString('latin1').repeat(49), readsAll: true },
        });
        const bad = answer.statuses.find((status) => status === 500 || status === 502);
        return bad === undefined ? pass(`${answer.statuses.length} answers`) : fail(`${bad}`);
      },
    },
    ...slow.map(
      ({ title, request }): RowEntry => ({
        title,
        ...{ requirement: 'CASE-10', clause, severity: 'medium', needs: ['access', 'slow'] },
        right: 'ends the connection in the time that the audit gives',
        async run(kit) {
          const timeoutMs = kit.settings.slowSeconds * 1_000;
          const answer = await kit.send({ ...request(kit), timeoutMs });
          return answer.end === 'timeout'
            ? fail(`still open after ${kit.settings.slowSeconds} seconds`)
            : pass(`${describe(answer)} after ${Math.round(answer.milliseconds / 1_000)} seconds`);
        },
      }),
    ),
    {
      title: 'a good token after ten bad ones from the same address',
      ...{ requirement: 'RL-06', clause: 'RFC 6585 §4', severity: 'medium' },
      right: 'serves the request',
      needs: ['token'],
      async run(kit) {
        for (let index = 0; index < 10; index += 1) {
          await kit.send(kit.call({ authorization: `Bearer wrong-${index}` }));
        }
        const answer = await kit.send(kit.call());
        if (answer.status === 429) {
          return { outcome: 'fail', found: '429: bad tokens of others lock good ones out' };
        }
        return isAccepted(answer, kit);
      },
    },
    {
      title: 'two hundred connections, and then a good message',
      ...{ requirement: 'HDR-14', clause: 'CWE-400', severity: 'high' },
      right: 'serves the good message',
      needs: ['access'],
      async run(kit) {
        if (kit.settings.requestsPerSecond < 20) return leftOut('the rate of the audit is too low');
        const answers = await Promise.all([
          ...Array.from({ length: 200 }, () =>
            kit.send({ ...kit.call(), stopsAfter: 'first-field', timeoutMs: 500 }),
          ),
          kit.send(kit.call()),
        ]);
        const last = answers.at(-1);
        return last === undefined ? pass('') : isAccepted(last, kit);
      },
    },
  ],
);
