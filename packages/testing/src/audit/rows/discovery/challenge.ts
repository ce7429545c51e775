/** How a request without a good token is answered (RFC 6750 §3). */
import { fail, isRefused, notOffered, pass } from '../../judge/judges.ts';
import { type RowEntry, table, type Verdict } from '../../row.ts';
import type { Challenge } from '../../target/challenge.ts';
import type { Kit } from '../../target/kit.ts';
import { type Answer, fieldOf } from '../../wire/answer.ts';

import { has, strangers } from './strangers.ts';

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
    ...strangers,
  ],
);
