/** Variables for callers without a token. */
import { list, prefix, type Variable, wholeNumber, word } from './variable.ts';

export const anonymousTools: Variable<readonly string[]> = list('ANONYMOUS_TOOLS', {
  meaning: 'Tools that everybody may call without a token, by their exact names',
});
export const anonymousMethods: Variable<readonly string[]> = list('ANONYMOUS_METHODS', {
  meaning:
    'Further methods without a token, such as `resources/list`. Those that clients send before a call are open with the list of tools',
});
export const anonymousChallenge: Variable<'http' | 'tool-result'> = word<
  'http' | 'tool-result',
  'http'
>(`${prefix}ANONYMOUS_CHALLENGE`, ['http', 'tool-result'], 'http', {
  meaning:
    'How a call is answered that needs a token or more scopes. `tool-result`: with 200 and a tool result, for ChatGPT',
});
export const anonymousRequestsPerMinute: Variable<number> = wholeNumber(
  `${prefix}ANONYMOUS_REQUESTS_PER_MINUTE`,
  { minimum: 1, maximum: 100_000, fallback: 300 },
  { meaning: 'Requests without a token of one client address in a minute, in each process' },
);
