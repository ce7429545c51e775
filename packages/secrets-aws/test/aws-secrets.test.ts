/** What AWS answers, and what comes of it. */
import { expect, it } from 'vitest';
import { canary, setUp } from './set-up.ts';

it('signs its requests for the region: another region or key is refused (SEC-01)', async () => {
  const { read } = await setUp();
  expect(await read()).toMatch(new RegExp(`^${canary}@[0-9a-f-]{36}$`));

  const elsewhere = await setUp({ region: 'us-east-1' });
  expect(await elsewhere.read()).toContain('HTTP 400: InvalidSignatureException');
  const { server } = elsewhere;
  const credentials = { ...server.credentials, secretAccessKey: 'another' };
  const stranger = await setUp({ clientOptions: { endpoint: server.url, credentials } });
  expect(await stranger.read()).toContain('HTTP 400: InvalidSignatureException');
});

it('reads a pinned version, bytes as text, and names with slashes', async () => {
  const { read, server } = await setUp();
  const first = server.put('notes/key', 'the first');
  server.put('notes/key', Buffer.from('the second\n'));

  expect(await read('notes/key')).toMatch(/^the second@/);
  expect(await read(`notes/key@${first}`)).toBe(`the first@${first}`);
  expect(await read('notes/key@0f3b1c5e-8a7d-4c2b-9e6f-1a2b3c4d5e6f')).toBe('absent');
});

it.each([
  [
    'AccessDeniedException',
    400,
    /AccessDeniedException.*"Resource":"arn:aws:.*:secret:key-\?{6}"/,
    1,
  ],
  ['ExpiredTokenException', 400, /HTTP 400: ExpiredTokenException/, 1],
  ['InvalidParameterException', 400, /HTTP 400/, 1],
  ['DecryptionFailure', 400, /DecryptionFailure/, 1],
  ['ThrottlingException', 400, /HTTP 400: ThrottlingException/, 3],
  ['InternalServiceError', 500, /HTTP 500: InternalServiceError/, 3],
  ['NobodyKnows', 503, /HTTP 503/, 3],
])(
  '%s is told, and only an outage is retried (SEC-04)',
  async (error, status, detail, attempts) => {
    const { read, server } = await setUp();
    server.fault({ kind: 'status', status, error });

    expect(await read()).toMatch(detail);
    expect(server.hits('key')).toBe(attempts);
  },
);

it('does not call a deleted secret, or a closed port, an absence (SEC-02, SEC-04)', async () => {
  const { read, server } = await setUp();
  server.deleteSecret('key');
  expect(await read()).toContain('InvalidRequestException');

  await server.stop();
  expect(await read('other')).toContain('no connection: ECONNREFUSED');
});

it('without credentials, says what gives them', async () => {
  const { server } = await setUp();
  const { CredentialsProviderError } = { CredentialsProviderError: 'CredentialsProviderError' };
  const { read } = await setUp({
    clientOptions: {
      endpoint: server.url,
      credentials: async () => {
        throw Object.assign(new Error('no role'), { name: CredentialsProviderError });
      },
    },
  });

  expect(await read()).toMatch(/CredentialsProviderError.*give the task, pod or function a role/);
  expect(server.hits('key')).toBe(0);
});

it('shows no part of a session token or value (SEC-19)', async () => {
  const { server } = await setUp();
  const sessionToken = 'IQoJb3JpZ2luX2VjEKz4yTq8Wn2Lr7Xb5';
  const events: unknown[] = [];
  const { read } = await setUp({
    onEvent: (event) => events.push(event),
    clientOptions: { endpoint: server.url, credentials: { ...server.credentials, sessionToken } },
  });
  server.fault({ kind: 'reset' });
  const told = `${await read()}${JSON.stringify(events)}`;

  expect(told).toContain('secret_unavailable');
  expect(told).not.toContain(sessionToken.slice(4, 16));
  expect(told).not.toContain(canary.slice(4, 16));
});
