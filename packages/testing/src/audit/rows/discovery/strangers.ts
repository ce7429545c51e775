/** Requests of strangers: other credentials, other methods, foreign hosts, and bodies before the check. */
import { fail, isBadCredential, isRefused, pass } from '../../judge/judges.ts';
import type { Judge, RowEntry, Verdict } from '../../row.ts';
import { type Challenge, readChallenge } from '../../target/challenge.ts';
import { type Answer, fieldOf } from '../../wire/answer.ts';

const clause = 'RFC 6750 §3';

/** Whether an answer leads clients to a host. A refusal of the host itself may name it. */
export function namesHost({ status, body, fields }: Answer, host: string): boolean {
  return (
    ![400, 403, 404, 421].includes(status) && `${body}${JSON.stringify(fields)}`.includes(host)
  );
}

/** The request must be refused, and the refusal must pass this test. */
export const has =
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

const methods: readonly (readonly [method: string, title: string])[] = [
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

/** Rows of strangers. */
export const strangers: readonly RowEntry[] = [
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
  ...methods.map(
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
        namesHost(answer, 'audit-foreign.example')
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
];
