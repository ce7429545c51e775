/** What `pnpm start` promises, line by line. */
import { spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { writeWelcome } from '../src/development/welcome.ts';
import { startReference } from './reference-server.ts';

const prefix = 'FASTMCP_SERVER_AUTH_';

/** Starts the server, and runs every curl line in a separate shell. */
async function setUp(variables: Record<string, string>) {
  const { server } = await startReference(variables);
  onTestFinished(() => server.stop());
  const text = await writeWelcome(server);
  const token = /TOKEN=(\S+)/.exec(text)?.[1] ?? '';
  const promised = [...text.matchAll(/: +(\d{3})\b.*\n +(curl .*)$/gm)];
  return {
    text,
    token,
    promised: promised.map(([, status, line]) => ({ status, line: line ?? '' })),
  };
}

async function run(line: string, token: string): Promise<string> {
  // Not in this process: curl waits for the server, which is in it.
  const child = spawn('sh', ['-c', `${line} -s -o /dev/null -w '%{http_code}'`], {
    env: { PATH: process.env['PATH'], TOKEN: token },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}

const ownTokens = (scopes: string) => ({
  [`${prefix}TYPE`]: 'static',
  [`${prefix}STATIC_TOKENS`]: `{"dev-token-12345":{"client_id":"dev","scopes":[${scopes}]}}`,
});

it.each([
  ['a local issuer', {}, ['200', '403', '401']],
  ['static tokens', { [`${prefix}TYPE`]: 'static' }, ['200', '200', '401']],
  ['a static token that may only read', ownTokens('"read:data"'), ['200', '403', '401']],
  ['a static token that may only write', ownTokens('"write:data"'), ['403', '200', '401']],
  ['a static token without scopes', ownTokens(''), ['403', '403', '401']],
  [
    'own scopes of tools',
    {
      [`${prefix}TYPE`]: 'static',
      [`${prefix}TOOL_SCOPES`]:
        '{"whoami":[],"hello":["greet"],"list_notes":[],"read_note":[],"write_note":[],"delete_note":[]}',
    },
    ['403', '200', '401'],
  ],
  [
    'a static token that the documentation does not have',
    {
      [`${prefix}TYPE`]: 'static',
      [`${prefix}STATIC_TOKENS`]:
        '{"tok_4f8a1c97e2d05b36":{"client_id":"dev","scopes":["read:data"]}}',
    },
    ['401'],
  ],
  ['no authentication', { DANGEROUSLY_OMIT_AUTH: 'true', [`${prefix}TYPE`]: 'none' }, ['200']],
  [
    'keys of somebody else',
    {
      [`${prefix}TYPE`]: 'jwt',
      [`${prefix}JWT_ISSUER`]: 'https://auth.acme-corp.dev',
      [`${prefix}JWT_AUDIENCE`]: 'https://notes.acme-corp.dev/mcp',
      [`${prefix}JWT_PUBLIC_KEY`]: 'k3VZk1Xb7sQpR0uLw8YcTfEjG2hMdAaN5oI9vKtBxUyPzW4q',
      [`${prefix}JWT_ALGORITHM`]: 'HS256',
    },
    ['401'],
  ],
])('CASE-49: promises with %s what its lines do', async (_name, variables, statuses) => {
  const { promised, token } = await setUp(variables as Record<string, string>);
  const answered = [];
  for (const { line } of promised) answered.push(await run(line, token));

  expect(promised.map(({ status }) => status)).toEqual(statuses);
  expect(answered).toEqual(statuses);
});

it('CASE-49: shows no static token of the developer', async () => {
  const { text } = await setUp({
    [`${prefix}TYPE`]: 'static',
    [`${prefix}STATIC_TOKENS`]:
      '{"tok_4f8a1c97e2d05b36":{"client_id":"dev","scopes":["read:data"]}}',
  });

  expect(text).not.toContain('tok_4f8');
});

it.each([
  ['a local issuer', {}, true],
  ['static tokens', { [`${prefix}TYPE`]: 'static' }, false],
  ['no authentication', { DANGEROUSLY_OMIT_AUTH: 'true', [`${prefix}TYPE`]: 'none' }, false],
])(
  'CASE-49: with %s, promises a sign-in only where there is a server for it',
  async (_name, variables, signsIn) => {
    const { text } = await setUp(variables as Record<string, string>);

    expect(text.includes('signs in by itself')).toBe(signsIn);
    expect(text).toMatch(/claude mcp add --transport http sallyport http:\/\/localhost:\d+\/mcp/);
  },
);

it('CASE-52: says when the port is another than that of the resource', async () => {
  const { text } = await setUp({
    [`${prefix}TYPE`]: 'static',
    [`${prefix}RESOURCE_URL`]: 'http://localhost:9999/mcp',
    PORT: '39217',
  });

  expect(text).toContain(
    'The server listens on port 39217, and clients are told http://localhost:9999/mcp. Set PORT to 9999',
  );
});
