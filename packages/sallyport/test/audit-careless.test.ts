/** Audits of servers that treat every bad token alike: each row must say what is wrong with that. */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AuditOptions, assertHardened, audit, type Theme } from '@sallyport/testing/audit';
import { expect, it, onTestFinished } from 'vitest';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const issuer = 'http://127.0.0.1:9';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const options: AuditOptions = {
  key: { jwk: { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'notes-1' }, issuer },
  writeTool: { name: 'write_note' },
  readScopes: ['read'],
  requestsPerSecond: 10_000,
  timeoutMs: 20_000,
};

const json = { 'Content-Type': 'application/json' };
const serve: Answer = (_request, response) =>
  void response.writeHead(200, json).end('{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}');
const answer =
  (status: number, fields: Readonly<Record<string, string>> = {}, body = ''): Answer =>
  (_request, response) =>
    void response.writeHead(status, fields).end(body);
const challenge = (text: string) => answer(401, { 'WWW-Authenticate': text });

/**
 * Serves whoever sends the first token of all again, and leaves everybody else to `others`.
 *
 * @param metadata What it publishes in place of good metadata.
 */
async function start(others: Answer, metadata?: string): Promise<string> {
  let good: string | undefined;
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    good ??= authorization;
    request.resume();
    if (request.url?.startsWith('/.well-known/')) publish(request, response);
    else if (authorization === good && good !== undefined) serve(request, response);
    else others(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const usual = { resource: url, authorization_servers: [issuer], scopes_supported: ['read'] };
  const publish = answer(200, json, metadata ?? JSON.stringify(usual));
  return url;
}

const aboutTokens: ReadonlySet<Theme> = new Set([
  ...(['algorithm', 'key-id', 'claims', 'audience', 'expiry'] as const),
]);

it.each<[string, Answer, string, RegExp]>([
  [
    'serves everybody with a token',
    (request, response) =>
      request.headers.authorization === undefined
        ? challenge('Bearer scope="read"')(request, response)
        : serve(request, response),
    'fail',
    /^200: the server did what was asked$/,
  ],
  ['serves everybody', serve, 'not-offered', /^the server asks for no token$/],
  ['answers 500', answer(500), 'fail', /^500: input from outside is not a fault/],
  ['answers 429', answer(429), 'pass', /^429, while a good token still passes$/],
  [
    'closes the connection',
    (_request, response) => void response.destroy(),
    'fail',
    /^a (?:closed connection|connection reset) without an answer in place of 401 or/,
  ],
  ['answers 401', challenge('Bearer scope="read"'), 'pass', /^401$/],
  ['answers 401 with another scheme', challenge('Basic realm="x"'), 'pass', /^401$/],
  ['answers 404', answer(404), 'fail', /^404 in place of 401 or/],
  [
    'answers 200 with an error',
    answer(200, json, '{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}'),
    'fail',
    /^200 with an error in the body/,
  ],
])(
  'says of each bad token what is wrong with a server that %s',
  async (_name, others, outcome, found) => {
    const report = await audit(await start(others), options);
    const rows = report.findings.filter(
      (finding) =>
        aboutTokens.has(finding.theme) && !finding.found.startsWith('the server offers nothing'),
    );

    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((row) => row.outcome !== outcome || !found.test(row.found))).toEqual([]);
    expect(report.grade).toBe('F');
  },
);

it.each<[string, string, readonly string[]]>([
  ['a list', '[]', ['metadata-01']],
  ['a page', '<h1>', ['metadata-01']],
  ['nothing', '{}', ['metadata-02', 'metadata-03']],
  [
    'numbers',
    '{"resource":1,"authorization_servers":1,"scopes_supported":1,"bearer_methods_supported":1}',
    ['metadata-02', 'metadata-03', 'metadata-09'],
  ],
])('finds metadata that is %s', async (_name, metadata, ids) => {
  const rows = ['metadata-01', 'metadata-02', 'metadata-03', 'metadata-09'];
  const url = await start(challenge('Bearer scope="read"'), metadata);
  const report = await audit(url, { ...options, rows });
  const failed = report.findings.filter(({ outcome }) => outcome === 'fail');

  expect(failed.map(({ id }) => id)).toEqual(ids);
});

const trusting: Answer = ({ headers }, response) => {
  const { host, origin = '*', 'x-forwarded-host': forwarded = host } = headers;
  const fields = {
    ...json,
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Private-Network': 'true',
    'WWW-Authenticate': `Bearer realm="${host}", error="a", error="b", resource_metadata="http://${forwarded}/x"`,
  };
  response.writeHead(401, fields).end('Error: no\n    at check (/app/auth.js:12:3)');
};

it('finds every echo of a server that trusts each field', async () => {
  const themes = ['challenge', 'cors'] as const;
  const report = await audit(await start(trusting), { ...options, themes });
  const failed = report.findings.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);

  expect(failed).toEqual(
    expect.arrayContaining([
      ...['challenge-03', 'challenge-04', 'challenge-08', 'challenge-24', 'challenge-25'],
      ...['cors-01', 'cors-04', 'cors-05'],
    ]),
  );
});

it('throws every failure with what is right, and returns the report where there is none', async () => {
  const open = () => start(challenge('Bearer scope="read"'), '{}');
  const rows = ['metadata-02', 'control-01'];

  await expect(assertHardened(await open(), { ...options, rows })).rejects.toThrow(
    /has grade \w\n {2}metadata-02 \(\w+\): .*\n {4}found: .*\n {4}right: /,
  );
  const { counts } = await assertHardened(await open(), { ...options, rows: ['control-01'] });
  expect(counts).toMatchObject({ pass: 1, fail: 0 });
});
