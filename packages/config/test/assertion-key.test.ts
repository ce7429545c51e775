import { generateKeyPairSync } from 'node:crypto';
import { ConfigError } from '@sallyport/core';
import { startSecretManager } from '@sallyport/testing/secret-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ConfigEvent, createGateFromConfig, writeStartUpReport } from '../src/index.ts';
import { hmacKey, load, problemsOf } from './set-up.ts';

const key = 'FASTMCP_SERVER_AUTH_ASSERTION_KEY';
const published = 'FASTMCP_SERVER_AUTH_ASSERTION_PUBLISHED_KEYS';

function makePair(namedCurve = 'P-256') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return {
    private: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    old: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    jwk: JSON.stringify(privateKey.export({ format: 'jwk' })),
    public: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}
const pair = makePair();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;

describe('the key that signs assertions', () => {
  it.each(['private', 'old', 'jwk'] as const)('may be %s, and is not shown', async (form) => {
    const config = await load({ [key]: pair[form] });

    expect(config.assertionKey?.reveal().trim()).toBe(pair[form].trim());
    expect(writeStartUpReport(config)).toContain(`"variable":"${key}","value":"[redacted]"`);
  });

  it.each([
    ['text', hmacKey],
    ['a public key', pair.public],
    ['a key of another curve', makePair('P-384').private],
    ['an RSA key', rsa.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['half a key', pair.private.slice(0, 90)],
    ['a set of keys', `{"keys":[${pair.jwk}]}`],
  ])('must not be %s, of which nothing is repeated', async (_name, text) => {
    const problems = await problemsOf({ [key]: text });

    expect(problems).toEqual([
      expect.stringMatching(/ASSERTION_KEY.*private key of the curve P-256/),
    ]);
    expect(problems.join()).not.toContain(text.slice(40, 60) || text);
  });

  it('leads to its name from a misspelt one, and never to one whose value is shown', async () => {
    expect(await problemsOf({ [key.replace('KEY', 'KYE')]: 'x' })).toEqual([
      expect.stringContaining(`Did you mean ${key}?`),
    ]);
  });
});

describe('the keys that are published besides', () => {
  const next = makePair();

  it('are one PEM or several', async () => {
    const one = await load({ [published]: pair.public });
    const two = await load({ [published]: `${pair.public}\n${next.public}` });

    expect(one.publishedAssertionKeys).toHaveLength(1);
    expect(two.publishedAssertionKeys.map((each) => each.reveal())).toEqual([
      pair.public.trim(),
      next.public.trim(),
    ]);
  });

  it.each([
    ['text', 'x'.repeat(30)],
    ['a key of another curve beside a good one', pair.public + makePair('P-521').public],
    ['a key with something around it', `${pair.public} and more`],
  ])('must not be %s', async (_name, text) => {
    expect(await problemsOf({ [published]: text })).toEqual([
      expect.stringMatching(/ASSERTION_PUBLISHED_KEYS.*must be public keys of the curve P-256/),
    ]);
  });
});

it('hands on a new version of the key that a reference names, and keeps the old one where it is bad', async () => {
  const server = await startSecretManager({ secrets: { 'notes-assertion-key': pair.private } });
  onTestFinished(() => server.stop());
  const events: ConfigEvent[] = [];
  const heard: string[] = [];
  const config = await load(
    {
      SECRET_BACKEND: 'gcp_secret_manager',
      GCP_PROJECT_ID: server.projectId,
      SECRET_CACHE_TTL: '1',
      [key]: 'gcp-sm://notes-assertion-key',
    },
    { gcpClientOptions: { ...server.clientOptions } },
  );
  const { close } = await createGateFromConfig(config, {
    tools: {},
    audit: { emit: () => {} },
    onEvent: (event) => void events.push(event),
    replaceAssertionKey: (next) => {
      if (next.reveal() === 'short') throw new ConfigError('upstream.assertionKey', 'is no key');
      heard.push(next.reveal().trim());
    },
  });
  onTestFinished(close);
  const changes = () => events.filter(({ variable }) => variable === key).map(({ type }) => type);
  server.addVersion('notes-assertion-key', 'short');
  await expect.poll(changes, { timeout: 10_000 }).toEqual(['secret_refused']);
  const next = makePair().private;
  server.addVersion('notes-assertion-key', next);

  await expect.poll(changes, { timeout: 10_000 }).toEqual(['secret_refused', 'secret_changed']);
  expect(heard).toEqual([next.trim()]);
});
