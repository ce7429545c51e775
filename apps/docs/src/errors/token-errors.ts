/** One page for each code with which the guard refuses a token. */
import { type AuthErrorCode, authErrorAnswers } from '@sallyport/core';
import { parse } from 'yaml';
import type { Page } from '../pages/page.ts';
import { readSource } from '../repository.ts';

const source = 'apps/docs/content/errors/tokens.yaml';
export const statusTexts: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

// Where the error of the guard does not say it.
const retryAfter = 5;

/** What people write about one code. */
export interface TokenError {
  readonly code: AuthErrorCode;
  readonly title: string;
  readonly means: string;
  /** How a test gets this refusal: the gate, and what the request carries. */
  readonly see: {
    readonly gate: string;
    readonly token?: string;
    readonly headers?: readonly string[];
    readonly scheme?: string;
    readonly proof?: boolean;
  };
  /** The detail in the log. Empty where the code says it all. */
  readonly log: string;
  readonly causes: readonly { readonly when: string; readonly cure: string }[];
}

export function readTokenErrors(): readonly TokenError[] {
  return parse(readSource(source));
}

/** The line for a terminal that gets the refusal. `$CALL` and `$TOKEN` are set by the index of the errors. */
export function commandFor({ see }: TokenError): string {
  const { token, headers: own = [], scheme = 'Bearer', proof } = see;
  const headers = [
    ...own.map((header) => `-H '${header}'`),
    ...(token === undefined ? [] : [`-H "Authorization: ${scheme} $TOKEN"`]),
    ...(proof ? ['-H "DPoP: $PROOF"'] : []),
  ];
  const options = ['curl -i http://localhost:8000/mcp', ...headers, '--json "$CALL"'];
  return options.join(' \\\n  ');
}

/** The lines of the answer that are always the same. */
export function answerLines(code: AuthErrorCode): readonly string[] {
  const { status, error, description } = authErrorAnswers[code];
  const plain = { ...(error !== undefined && { error }), error_description: description };
  const body = JSON.stringify(code === 'quota_exceeded' ? rpcError(description) : plain);
  return [`HTTP/1.1 ${status} ${statusTexts[status]}`, body];
}

/** The gate answers a used-up quota for the model behind the client. */
function rpcError(description: string): object {
  const message = `${description}. Retry after ${retryAfter} s`;
  return { jsonrpc: '2.0', error: { code: -32_000, message }, id: 1 };
}

export function tokenErrorPages(): readonly Page[] {
  return readTokenErrors().map((entry) => ({
    path: `errors/${entry.code}.md`,
    text: write(entry),
    source,
  }));
}

function write(entry: TokenError): string {
  const { code, title, means, log, causes } = entry;
  const { status, error, counts } = authErrorAnswers[code];
  const [statusLine, body] = answerLines(code);
  const logged = `refused ${code}${log === '' ? '' : `: ${log}`} (client 203.0.113.7)`;
  return [
    `# \`${code}\``,
    `**${title}.** ${means.trim()}`,
    [
      '| answer | `error` | counts against the limit |',
      '|---|---|---|',
      `| ${status} ${statusTexts[status]} | ${error === undefined ? 'none' : `[\`${error}\`](/errors/${error})`} | ${counts ? 'yes' : 'no'} |`,
    ].join('\n'),
    '## See it',
    'The client sees the same text for every bad token. A stranger must not learn which check failed.',
    ['```sh refused', commandFor(entry), '```'].join('\n'),
    ['```http answer', statusLine, ...headersOf(status, error), '', body, '```'].join('\n'),
    'The log of the server has the reason:',
    ['```text log', logged, '```'].join('\n'),
    '## Cure it',
    [
      '| if | then |',
      '|---|---|',
      ...causes.map(({ when, cure }) => `| ${cell(when)} | ${cell(cure)} |`),
    ].join('\n'),
    'If the cause is none of these, let the server explain the token. The command prints each check, with what was expected and what was found:',
    ['```sh command', 'pbpaste | npx sallyport explain', '```'].join('\n'),
    explainByUrl,
  ].join('\n\n');
}

/** For servers without variables. */
export const explainByUrl: string = [
  'It reads the variables of the server. For a server that is configured in code, and beside `dev`, name the endpoint:\n',
  '```sh command',
  'pbpaste | npx sallyport explain --url http://localhost:8000/mcp',
  '```',
].join('\n');

function headersOf(status: number, error: string | undefined): readonly string[] {
  if (status === 429 || status === 503) return [`Retry-After: ${retryAfter}`];
  if (status === 403 && error === undefined) return [];
  return [
    'WWW-Authenticate: Bearer …, resource_metadata="http://localhost:8000/.well-known/oauth-protected-resource/mcp"',
  ];
}

const cell = (text: string): string => text.trim().replaceAll('\n', ' ').replaceAll('|', '\\|');
