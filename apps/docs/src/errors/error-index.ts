/** The index of the errors. */
import { authErrorAnswers } from '@sallyport/core';
import type { Page } from '../pages/page.ts';
import { readTokenErrors } from './token-errors.ts';
import { readFaults, readTransportErrors } from './transport-errors.ts';

export function errorIndexPage(): Page {
  const faults = readFaults();
  const tokens = readTokenErrors().map(({ code, title }) => {
    const { status, error } = authErrorAnswers[code];
    return `| [\`${code}\`](/errors/${code}) | ${title} | ${status} | ${error === undefined ? '' : `[\`${error}\`](/errors/${error})`} |`;
  });
  const transport = readTransportErrors().map(
    ({ code, title, status }) =>
      `| [\`${code}\`](/errors/${code}) | ${title} | ${status ?? faults.get(code)?.status} |`,
  );
  const text = [
    '# Errors',
    'A client sees a status and one of seven texts. The log of the server has the code, and each code has a page: what it means, how to see it, and how to cure it.',
    'The examples use the server of `npx sallyport dev`, a token and a message:',
    [
      '```sh setup',
      "export TOKEN=$(npx sallyport token --scope 'notes:read')",
      `export CALL='{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_note","arguments":{}}}'`,
      '```',
    ].join('\n'),
    '## Refused tokens',
    [
      '| code in the log | meaning | status | what the client sees |',
      '|---|---|---|---|',
      ...tokens,
    ].join('\n'),
    '## Refused requests',
    'These answers are not about a token. Most have a JSON-RPC error as body.',
    ['| page | meaning | status |', '|---|---|---|', ...transport].join('\n'),
    '## Starting and stopping',
    'A server that starts or stops answers 503 with `Retry-After`. See [lifecycle](/packages/lifecycle#states). A wrong setting stops the start with exit code 78. See [Start-up problems](/start-up/).',
  ];
  return {
    path: 'errors/index.md',
    text: `${text.join('\n\n')}\n`,
    source: 'apps/docs/src/errors/error-index.ts',
  };
}
