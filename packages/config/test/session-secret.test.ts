import { startSecretManager } from '@sallyport/testing/secret-manager';
import { expect, it, onTestFinished } from 'vitest';
import { type ConfigEvent, createGateFromConfig, writeStartUpReport } from '../src/index.ts';
import { hmacKey, load, problemsOf } from './set-up.ts';

const name = 'FASTMCP_SERVER_AUTH_SESSION_SECRET';

it.each([
  ['short', 'at least 32 bytes'],
  ['password-password-password-password-password', 'the same text over and over|made of words'],
  ['abcdefghijklmnopqrstuvwxyz0123456789', 'a sequence|published'],
])('refuses the session secret %s, and does not repeat it', async (secret, problem) => {
  const problems = await problemsOf({ [name]: secret });

  expect(problems).toEqual([expect.stringMatching(problem)]);
  expect(problems.join()).toContain('SESSION_SECRET');
  expect(problems.join()).not.toContain(secret);
});

it('takes a random session secret, and does not show it', async () => {
  const config = await load({ [name]: hmacKey });

  expect(config.sessionSecret?.reveal()).toBe(hmacKey);
  expect(writeStartUpReport(config)).toContain(`"variable":"${name}","value":"[redacted]"`);
});

it('follows a new session secret without a restart, and keeps the old one where it is bad', async () => {
  const server = await startSecretManager({ secrets: { 'session-secret': hmacKey } });
  onTestFinished(() => server.stop());
  const events: ConfigEvent[] = [];
  const config = await load(
    {
      SECRET_BACKEND: 'gcp_secret_manager',
      GCP_PROJECT_ID: server.projectId,
      SECRET_CACHE_TTL: '1',
    },
    { gcpClientOptions: { ...server.clientOptions } },
  );
  const { close } = await createGateFromConfig(config, {
    tools: {},
    audit: { emit: () => {} },
    onEvent: (event) => void events.push(event),
  });
  onTestFinished(close);
  const changes = () => events.map(({ type, variable }) => [type, variable]);
  server.addVersion('session-secret', 'short');
  await expect.poll(changes, { timeout: 10_000 }).toEqual([['secret_refused', name]]);
  server.addVersion('session-secret', 'v8Lq2-Xn5Rt0Wc7Zb4Ym9Kd6Hf3Js1Gp8Ta5Qe2U');

  await expect.poll(changes, { timeout: 10_000 }).toEqual([
    ['secret_refused', name],
    ['secret_changed', name],
  ]);
});
