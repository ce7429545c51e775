/** One page for each `error` that a client sees: several codes of the guard share it. */
import { type AuthErrorCode, authErrorAnswers } from '@sallyport/core';
import type { Page } from '../pages/page.ts';

/** What a person sees who has no access to the log. */
const meanings: Readonly<Record<string, string>> = {
  invalid_request:
    'The request does not carry the token as it should. Send it once, as `Authorization: Bearer <token>`.',
  invalid_token:
    'The server does not accept this token. Sign in again first: an expired token is the most frequent reason. If a new token is refused as well, the server or the identity provider is configured wrongly.',
  invalid_dpop_proof:
    'The token is bound to a key of the client, and the proof of that key is missing or wrong.',
  use_dpop_nonce: 'The client must repeat the request with the nonce of the answer in its proof.',
  insufficient_scope:
    'The token is good, and it does not allow this operation. `scope` in the answer lists every scope that the operation needs. The client must ask for a token with all of them, and the person must allow it.',
  too_many_requests:
    'This client address sent too many bad tokens. Wait for the seconds in `Retry-After`. A good token is accepted even now.',
  temporarily_unavailable:
    'The server cannot check tokens at the moment, or it is starting or stopping. Keep the token, and retry after the seconds in `Retry-After`.',
};

export function wireErrorPages(): readonly Page[] {
  const codes = Object.keys(authErrorAnswers) as AuthErrorCode[];
  const names = new Set(codes.map((code) => authErrorAnswers[code].error));
  return [...names]
    .filter((name) => name !== undefined)
    .map((name) => {
      const meaning = meanings[name];
      if (meaning === undefined) throw new Error(`the error ${name} has no text`);
      const own = codes.filter((code) => authErrorAnswers[code].error === name);
      const text = [
        `# \`${name}\``,
        meaning,
        '## If you operate the server',
        'The log has one line for each refusal. It names the code, and the page of the code says what to do:',
        [
          '| code in the log | status |',
          '|---|---|',
          ...own.map(
            (code) => `| [\`${code}\`](/errors/${code}) | ${authErrorAnswers[code].status} |`,
          ),
        ].join('\n'),
        '## If you use a client',
        'Send the operator the time of the request and the address of the server. Do not send the token: whoever has it can use it until it expires.',
        'RFC 6750 §3.1 and RFC 9449 §12.2 define the values of `error`.',
      ];
      return {
        path: `errors/${name}.md`,
        text: `${text.join('\n\n')}\n`,
        source: 'apps/docs/src/errors/wire-errors.ts',
      };
    });
}
