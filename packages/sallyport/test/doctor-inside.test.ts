/** What `doctor` says of settings that need no server, and of what servers publish or refuse. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readClockStep } from '../src/doctor/inside/clock-step.ts';
import { listKeySteps } from '../src/doctor/inside/key-steps.ts';
import { readRedisStep } from '../src/doctor/inside/redis-step.ts';
import { listSecretSteps } from '../src/doctor/inside/secret-steps.ts';
import type { Look } from '../src/doctor/look-at.ts';
import { command, settings } from './command.ts';

const resource = 'https://notes.acme-corp.dev/mcp';
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const hmac = {
  TYPE: 'jwt',
  JWT_ISSUER: 'https://id.acme-corp.dev',
  JWT_AUDIENCE: resource,
  JWT_ALGORITHM: 'HS256',
  JWT_PUBLIC_KEY: 'q0c3Zf8x1BvM7yKpWmT5sNdRhJ2uLgE9aXoYiCkQwPs=',
};

async function doctor(given: Readonly<Record<string, string>>) {
  const variables = settings({ RESOURCE_URL: resource, ...given });
  const { output } = await command(['doctor', '--json'], { variables });
  return JSON.parse(output);
}

it.each<[string, Readonly<Record<string, string>>, object]>([
  ['a shared secret', hmac, { name: 'keys', summary: 'a shared secret from the settings' }],
  [
    'a public key',
    {
      ...hmac,
      JWT_ALGORITHM: 'ES256',
      JWT_PUBLIC_KEY: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
    { name: 'keys', summary: 'a public key from the settings' },
  ],
  [
    'fixed tokens',
    {
      TYPE: 'static',
      // The spaces keep it apart from the claims that other tests show.
      STATIC_TOKENS: '{ "dev-token-12345-anonymous": { "client_id" : "me", "scopes" : [] } }',
    },
    { name: 'none', state: 'left out', summary: 'tokens are static' },
  ],
])('asks no server where the settings hold %s', async (_name, given, step) => {
  const { ok, sections } = await doctor(given);

  expect(ok).toBe(true);
  expect(sections[1].steps).toMatchObject([step]);
});

it.each<[string, string, object]>([
  ['can be read', '{"version":1,"keys":[]}', { state: 'passed', summary: '0 of 0 can be used' }],
  [
    'is damaged',
    '{',
    {
      state: 'failed',
      owner: 'this server',
      cure: expect.stringMatching(/^Correct .*_API_KEY_FILE/),
    },
  ],
])('looks at the file of API keys, which %s', async (_name, text, step) => {
  const file = join(mkdtempSync(join(tmpdir(), 'doctor-')), 'keys.json');
  writeFileSync(file, text);
  const { sections } = await doctor({
    TYPE: 'api-key',
    API_KEY_SECRET: 'Jx4mQ0vT9sLr2WbN7cYhKd6fGpZa1EuX8oRiVt3M',
    API_KEY_FILE: file,
  });

  expect(sections.at(-1)).toMatchObject({ title: 'API keys', steps: [{ name: 'keys', ...step }] });
});

const jwk = { ...pair.publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'one' };
const privateJwk = { ...pair.privateKey.export({ format: 'jwk' }), kid: 'one' };

it.each<[string, unknown, string | undefined, readonly string[]]>([
  [
    'a key that fits',
    { keys: [jwk] },
    'ES256',
    ['passed: 1 of 1 usable for ES256', 'passed: EC P-256 ES256 one'],
  ],
  [
    'a key for a preset',
    { keys: [jwk] },
    undefined,
    ['passed: 1 of 1 usable for the preset', 'passed: EC P-256 ES256 one'],
  ],
  ['no list', { issuer: 'x' }, 'ES256', ['failed: the document has no list "keys"']],
  [
    'secrets',
    { keys: [privateJwk, { kty: 'oct', k: 'AAAA' }] },
    'ES256',
    [
      'failed: 0 of 2 usable for ES256',
      'warning: EC P-256 one; not used: private',
      'warning: oct without an id; not used: symmetric',
    ],
  ],
  [
    'a key for encryption and what is no key',
    { keys: [{ ...jwk, use: 'enc' }, 1] },
    undefined,
    [
      'failed: 0 of 2 usable for the preset',
      'left out: EC P-256 ES256 one; not used: not for signatures',
      'left out: no key without an id; not used: not an object',
    ],
  ],
])('says of each published key whether it can be used: %s', (_name, document, algorithm, said) => {
  const steps = listKeySteps(document, algorithm);

  expect(steps.map(({ state, summary }) => `${state}: ${summary}`)).toEqual(said);
});

it.each<[string, Look | undefined, string, RegExp]>([
  ['nobody answered', undefined, 'left out', /no answer/],
  ['the answer has no time', { clockAheadMs: undefined } as Look, 'left out', /no answer/],
  ['they agree', { clockAheadMs: -4_000 } as Look, 'passed', /the same/],
  [
    'this one is a little behind',
    { clockAheadMs: 20_000 } as Look,
    'warning',
    /^20 seconds behind/,
  ],
  ['this one is far ahead', { clockAheadMs: -7_200_000 } as Look, 'failed', /^2 hours ahead of/],
])('compares the clocks: %s', (_name, look, state, summary) => {
  const step = readClockStep(look, 60);

  expect(step.state).toBe(state);
  expect(step.summary).toMatch(summary);
});

it.each([
  ['NOAUTH', 'this server', /password into the URL/],
  ['ECONNREFUSED', 'the network', /Start Redis/],
])('says what to do where Redis answers %s', (fault, owner, cure) => {
  const step = readRedisStep(fault);

  expect(step).toMatchObject({ state: 'failed', owner });
  expect(step.cure).toMatch(cure);
});

it('says that Redis can be used', () => {
  expect(readRedisStep(undefined)).toMatchObject({ name: 'Redis', state: 'passed' });
});

it.each([
  ['secret_not_found', {}, /Create it/],
  ['secret_unavailable', { detail: 'no answer' }, /credentials and the network/],
  ['secret_trailing_newline', {}, /printf %s in place of echo/],
] as const)('says what to do after %s', (type, more, cure) => {
  const event = { type, name: 'jwt-issuer', ...more };
  const loaded = { config: undefined, problems: [], unread: new Map(), events: [event] };
  const [step] = listSecretSteps(loaded as never);

  // The settings are complete without it.
  expect(step).toMatchObject({ name: 'secret jwt-issuer', state: 'warning' });
  expect(step?.cure).toMatch(cure);
});
