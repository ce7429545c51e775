/** What pages of other sites may read and send. */
import { fail, notOffered, pass } from '../../judge/judges.ts';
import { type RowEntry, table, type Verdict } from '../../row.ts';
import { type Answer, fieldOf } from '../../wire/answer.ts';
import type { Fields } from '../../wire/request.ts';

const clause = 'Fetch Standard, CORS protocol';
const foreign = 'https://audit-foreign.example';

function allowsWithCredentials(answer: Answer, origin: string): Verdict {
  const allowed = fieldOf(answer, 'access-control-allow-origin');
  const credentials = fieldOf(answer, 'access-control-allow-credentials');
  return allowed === origin && credentials === 'true'
    ? fail(`${origin} may send cookies and read the answer`)
    : pass(allowed === undefined ? 'not allowed' : `${allowed} without credentials`);
}

const preflight = (origin: string, others: Fields = []): Fields => [
  ['Origin', origin],
  ['Access-Control-Request-Method', 'POST'],
  ['Access-Control-Request-Headers', 'authorization, content-type'],
  ...others,
];

const strangers = [foreign, 'null', 'http://localhost.audit-foreign.example'];

/** Cross-origin requests. */
export const cors: ReturnType<typeof table> = table(
  'cors',
  [],
  [
    ...strangers.map(
      (origin): RowEntry => ({
        title: `a preflight from ${origin}`,
        ...{ requirement: 'HDR-15', clause, severity: 'high' },
        right: 'does not allow that origin with credentials',
        request: (kit) =>
          kit.call({
            ...{ authorization: null, method: 'OPTIONS', omit: ['Content-Type'] },
            fields: preflight(origin),
          }),
        judge: (answer) => allowsWithCredentials(answer, origin),
      }),
    ),
    {
      title: 'a preflight for access to a private network',
      ...{ requirement: 'HDR-18', clause: 'Private Network Access', severity: 'medium' },
      right: 'does not allow it to other sites',
      request: (kit) =>
        kit.call({
          ...{ authorization: null, method: 'OPTIONS', omit: ['Content-Type'] },
          fields: preflight(foreign, [['Access-Control-Request-Private-Network', 'true']]),
        }),
      judge: (answer) =>
        fieldOf(answer, 'access-control-allow-private-network') === 'true'
          ? fail('allowed')
          : pass('not allowed'),
    },
    {
      title: 'the answer to a message from another site',
      ...{ requirement: 'HDR-15', clause, severity: 'high' },
      right: 'does not let that site read it with credentials',
      request: (kit) => kit.call({ authorization: null, fields: [['Origin', foreign]] }),
      judge: (answer) => allowsWithCredentials(answer, foreign),
    },
    {
      title: 'a preflight with a message as its body',
      ...{ requirement: 'HDR-15', clause, severity: 'critical' },
      right: 'does not serve the message',
      request: (kit) =>
        kit.isOpen
          ? undefined
          : kit.call({
              ...{ authorization: null, method: 'OPTIONS', fields: preflight(foreign) },
              body: JSON.stringify(kit.message),
            }),
      judge: (answer) =>
        answer.body.includes('"result"') ? fail('served') : pass(`${answer.status}`),
    },
    {
      title: 'the challenge for a page whose origin is allowed',
      ...{ requirement: 'HDR-15', clause, severity: 'low' },
      right: 'can be read: Access-Control-Expose-Headers names WWW-Authenticate',
      async run(kit) {
        if (kit.isOpen) return notOffered('the server asks for no token');
        const answer = await kit.send(
          kit.call({ authorization: null, fields: [['Origin', kit.settings.url.origin]] }),
        );
        const allowed = fieldOf(answer, 'access-control-allow-origin');
        if (allowed === undefined) return notOffered('the server allows no pages');
        const exposed = fieldOf(answer, 'access-control-expose-headers') ?? 'absent';
        return /www-authenticate|\*/i.test(exposed) ? pass(exposed) : fail(exposed);
      },
    },
  ],
);
