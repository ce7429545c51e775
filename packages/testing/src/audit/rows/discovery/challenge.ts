/** How a request without a good token is answered (RFC 6750 §3). */
import { fail, isBadCredential, isRefused, notOffered, pass } from '../../judge/judges.ts';
import { type Judge, type RowEntry, table, type Verdict } from '../../row.ts';
import { type Challenge, readChallenge } from '../../target/challenge.ts';
import type { Kit } from '../../target/kit.ts';
import { type Answer, fieldOf } from '../../wire/answer.ts';

const clause = 'RFC 6750 §3';
const marker = 'audit-marker-7f3k9';

/** Looks at the challenge of the first answer. */
function look(
  entry: Omit<RowEntry, 'run' | 'clause'> & { readonly clause?: string },
  judge: (challenge: Challenge, answer: Answer, kit: Kit) => Verdict,
): RowEntry {
  return {
    clause,
    ...entry,
    async run(kit) {
      if (kit.isOpen) return notOffered('the server asks for no token');
      return kit.challenge === undefined
        ? notOffered('the answer has no challenge')
        : judge(kit.challenge, kit.first, kit);
    },
  };
}

const has =
  (test: (challenge: Challenge | undefined, answer: Answer) => Verdict): Judge =>
  (answer, kit) => {
    const verdict = isRefused(answer, kit);
    if (verdict.outcome !== 'pass') return verdict;
    return test(readChallenge(fieldOf(answer, 'www-authenticate')), answer);
  };

const isNoCredential: Judge = has((challenge, { status }) => {
  if (status !== 401) return fail(`${status} in place of 401`, 'low');
  if (challenge?.parameters.has('error') === true) return fail('the challenge has an error', 'low');
  return pass('401 without an error code');
});

const others: readonly (readonly [title: string, authorization: string])[] = [
  ['Basic credentials', 'Basic YXVkaXQ6YXVkaXQ='],
  ['the scheme DPoP without a proof', 'DPoP audit'],
  ['the scheme Token', 'Token audit'],
  ['the scheme Bearerx', 'Bearerx audit'],
];

const strangers: readonly (readonly [method: string, title: string])[] = [
  ['GET', 'GET of the endpoint without a token'],
  ['DELETE', 'DELETE of the endpoint without a token'],
  ['HEAD', 'HEAD of the endpoint without a token'],
  ['PUT', 'PUT to the endpoint without a token'],
  ['PATCH', 'PATCH of the endpoint without a token'],
];

const names: readonly (readonly [field: string, value: string])[] = [
  ['Host', 'audit-foreign.example'],
  ['X-Forwarded-Host', 'audit-foreign.example'],
  ['Forwarded', 'host=audit-foreign.example'],
  ['X-Forwarded-Prefix', '/audit-foreign.example'],
];

/** Challenges. */
export const challenge: ReturnType<typeof table> = table(
  'challenge',
  [],
  [
    {
      title: 'a message without a token',
      ...{ requirement: 'ANS-01', clause: 'MCP 2025-06-18 authorization', severity: 'critical' },
      right: 'answers 401',
      looksAtForm: true,
      run: async (kit) => {
        if (kit.settings.isPublic) return notOffered('the server is public');
        const verdict = isRefused(kit.first, kit);
        if (verdict.outcome !== 'pass') return verdict;
        return kit.first.status === 401 ? pass('401') : fail(`${kit.first.status}`, 'medium');
      },
    },
    {
      title: 'the challenge of that answer',
      ...{ requirement: 'ANS-01', clause, severity: 'medium' },
      right: 'is WWW-Authenticate: Bearer',
      run: async (kit) => {
        if (kit.isOpen) return notOffered('the server asks for no token');
        return kit.challenge === undefined ? fail('absent') : pass('present');
      },
    },
    look(
      {
        title: 'the grammar of the challenge',
        ...{ requirement: 'SPEC-52', clause: 'RFC 9110 §11.6.1', severity: 'low' },
        right: 'has each parameter once',
      },
      ({ isWellFormed, text }) => (isWellFormed ? pass('well formed') : fail(text.slice(0, 100))),
    ),
    look(
      {
        title: '`error` in the challenge, without a token',
        ...{ requirement: 'ANS-01', clause: 'RFC 6750 §3.1', severity: 'low' },
        right: 'is absent',
      },
      ({ parameters }) =>
        parameters.has('error') ? fail(`${parameters.get('error')}`) : pass('absent'),
    ),
    look(
      {
        title: '`resource_metadata` in the challenge',
        ...{ requirement: 'SPEC-04', clause: 'RFC 9728 §5.1', severity: 'medium' },
        right: 'names the address of the metadata',
      },
      ({ parameters }) => {
        const address = parameters.get('resource_metadata');
        return URL.canParse(address ?? '') ? pass(`${address}`) : fail(`${address ?? 'absent'}`);
      },
    ),
    look(
      {
        title: '`scope` in the challenge',
        ...{ requirement: 'SPEC-05', severity: 'low' },
        right: 'names the scopes to ask for',
      },
      ({ parameters }, _answer, kit) => {
        if (parameters.get('scope')) return pass(`${parameters.get('scope')}`);
        const scopes = kit.metadata?.['scopes_supported'];
        return Array.isArray(scopes) && scopes.length > 0
          ? fail('absent')
          : notOffered('the server publishes no scopes');
      },
    ),
    look(
      {
        title: 'the cache rules of the refusal',
        ...{ requirement: 'ANS-01', clause: 'RFC 9111 §5.2.2.5', severity: 'low' },
        right: 'are Cache-Control: no-store',
      },
      (_challenge, answer) => {
        const rules = fieldOf(answer, 'cache-control') ?? 'absent';
        return rules.includes('no-store') ? pass(rules) : fail(rules);
      },
    ),
    look(
      {
        title: 'the body of the refusal',
        ...{ requirement: 'ANS-03', clause: 'CWE-209', severity: 'low' },
        right: 'has no stack trace and no path of a file',
      },
      (_challenge, { body }) =>
        /node_modules|Traceback|\bat \S+ \(|\.(?:py|ts|js|go|java):\d+/.test(body)
          ? fail('a stack trace')
          : pass('plain'),
    ),
    {
      title: 'a token that no issuer knows',
      ...{ requirement: 'ANS-03', clause: 'RFC 6750 §3.1', severity: 'critical' },
      right: 'answers 401 with error="invalid_token"',
      looksAtForm: true,
      request: (kit) => (kit.isOpen ? undefined : kit.call({ authorization: `Bearer ${marker}` })),
      judge: has((found, { status }) => {
        if (status !== 401) return fail(`${status} in place of 401`, 'low');
        const error = found?.parameters.get('error') ?? 'absent';
        return error === 'invalid_token' ? pass(error) : fail(`error: ${error}`, 'low');
      }),
    },
    {
      title: 'the challenge to that token',
      ...{ requirement: 'SPEC-17', clause: 'RFC 9728 §5.1', severity: 'low' },
      right: 'names the metadata',
      looksAtForm: true,
      request: (kit) => (kit.isOpen ? undefined : kit.call({ authorization: `Bearer ${marker}` })),
      judge: has((found) =>
        found?.parameters.has('resource_metadata') ? pass('named') : fail('not named'),
      ),
    },
    {
      title: 'the answer to that token',
      ...{ requirement: 'ANS-03', clause: 'CWE-209', severity: 'medium' },
      right: 'does not repeat the token',
      request: (kit) => (kit.isOpen ? undefined : kit.call({ authorization: `Bearer ${marker}` })),
      judge: has((_found, answer) =>
        `${answer.body}${JSON.stringify(answer.fields)}`.includes(marker)
          ? fail('the token is repeated')
          : pass('not repeated'),
      ),
    },
    {
      title: 'parameters of a challenge inside a token',
      ...{ requirement: 'HDR-19', clause: 'CWE-113', severity: 'high' },
      right: 'never become part of the answer',
      request: (kit) =>
        kit.isOpen ? undefined : kit.call({ authorization: `Bearer x", scope="${marker}` }),
      judge: has((_found, answer) =>
        JSON.stringify(answer.fields).includes(marker)
          ? fail('the challenge has the parameter of the client')
          : pass('absent'),
      ),
    },
    ...others.map(
      ([title, authorization]): RowEntry => ({
        title,
        ...{ requirement: 'HDR-08', clause, severity: 'critical' },
        right: 'answers as without a token',
        looksAtForm: true,
        request: (kit) => (kit.isOpen ? undefined : kit.call({ authorization })),
        judge: isNoCredential,
      }),
    ),
    ...['Bearer', 'Bearer '].map(
      (authorization): RowEntry => ({
        title: `Authorization: ${JSON.stringify(authorization)}`,
        ...{ requirement: 'HDR-07', clause: 'RFC 6750 §3.1', severity: 'critical' },
        right: 'answers 400 or 401',
        request: (kit) => (kit.isOpen ? undefined : kit.call({ authorization })),
        judge: isBadCredential,
      }),
    ),
    ...strangers.map(
      ([method, title]): RowEntry => ({
        title,
        ...{ requirement: 'SPEC-10', clause: 'MCP 2025-06-18 authorization', severity: 'critical' },
        right: 'refuses',
        request: (kit) => (kit.isOpen ? undefined : kit.call({ authorization: null, method })),
        judge: isRefused,
      }),
    ),
    ...names.map(
      ([field, value]): RowEntry => ({
        title: `a message without a token, with ${field}: ${value}`,
        ...{ requirement: 'HDR-19', clause: 'RFC 9728 §7.3', severity: 'high' },
        right: 'names the configured host, never that of the request',
        request: (kit) =>
          kit.isOpen ? undefined : kit.call({ authorization: null, fields: [[field, value]] }),
        judge: has((_found, answer) =>
          `${answer.body}${JSON.stringify(answer.fields)}`.includes('audit-foreign.example')
            ? fail('the answer has the host that the client sent')
            : pass(`${answer.status} without that host`),
        ),
      }),
    ),
    {
      title: 'a body that is not JSON, without a token',
      ...{ requirement: 'MCP-12', clause: 'OAuth 2.1 §5.2', severity: 'low' },
      right: 'answers 401 before the body is parsed',
      request: (kit) => (kit.isOpen ? undefined : kit.call({ authorization: null, body: '{' })),
      judge: has((_found, { status }) =>
        status === 401 ? pass('401') : fail(`${status}: the body was parsed first`),
      ),
    },
    {
      title: 'the head of a request for 50 MB, without a token and without the body',
      ...{ requirement: 'MCP-12', clause: 'CWE-400', severity: 'medium' },
      right: 'answers 401 at once',
      request: (kit) =>
        kit.isOpen
          ? undefined
          : {
              ...kit.call({ authorization: null, fields: [['Content-Length', '52428800']] }),
              ...{ body: '', stopsAfter: 'head', timeoutMs: 2_000 },
            },
      judge: has((_found, { status }) => (status === 0 ? fail('no answer') : pass(`${status}`))),
    },
    {
      title: 'Expect: 100-continue, without a token',
      ...{ requirement: 'HDR-22', clause: 'RFC 9110 §10.1.1', severity: 'low' },
      right: 'answers 401 and does not ask for the body',
      request: (kit) =>
        kit.isOpen
          ? undefined
          : {
              ...kit.call({
                authorization: null,
                fields: [
                  ['Expect', '100-continue'],
                  ['Content-Length', '100'],
                ],
              }),
              ...{ body: '', stopsAfter: 'head', timeoutMs: 2_000 },
            },
      judge: (answer) => {
        if (answer.statuses.includes(100)) return fail('100: the server asks for the body');
        return answer.status === 0 ? fail('no answer') : pass(`${answer.status}`);
      },
    },
  ],
);
