import { createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { command } from './command.ts';

it.each(['hmac', 'session', 'api-key'])('makes a secret of 384 bits: %s', async (kind) => {
  const { code, output, errors } = await command(['keygen', kind]);

  expect(Buffer.from(output, 'base64url')).toHaveLength(48);
  expect(output).not.toMatch(/\s/);
  expect(errors).toMatch(/not shown again/);
  expect(errors).not.toContain(output.slice(0, 12));
  expect(code).toBe(0);
  expect(createHmac('sha256', output).update('').digest()).toHaveLength(32);
});

it.each(['es256', 'assertion'])('makes a private key and its public half: %s', async (kind) => {
  const { output } = await command(['keygen', kind, '--json']);
  const made = JSON.parse(output);
  const signature = sign('sha256', Buffer.from('text'), createPrivateKey(made.secret));
  const publicKey = createPublicKey({ key: made.public.jwks.keys[0], format: 'jwk' });

  expect(verify('sha256', Buffer.from('text'), publicKey, signature)).toBe(true);
  expect(JSON.stringify(made.public)).not.toContain('PRIVATE');
  expect(made.public.jwks.keys[0]).not.toHaveProperty('d');
});

it('makes another key each time', async () => {
  const [one, other] = [await command(['keygen', 'hmac']), await command(['keygen', 'hmac'])];

  expect(one.output).not.toBe(other.output);
});

it('shows a person the variable to set', async () => {
  const { output } = await command(['keygen', 'hmac'], {
    isTerminal: true,
    variables: { NO_COLOR: '1' },
  });

  expect(output).toMatch(/FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY=[\w-]{64}\n/);
});

it.each([
  ['a person', true],
  ['a pipe', false],
])('shows %s the public half of a key', async (_name, isTerminal) => {
  const { output, errors } = await command(['keygen', 'es256'], {
    isTerminal,
    variables: { NO_COLOR: '1' },
  });
  const shown = isTerminal ? output : errors;

  expect(output).toMatch(/BEGIN PRIVATE KEY/);
  expect(shown).toMatch(/BEGIN PUBLIC KEY[\s\S]*"kid"/);
  expect(errors).not.toMatch(/PRIVATE/);
});

it.each(['rsa', 'constructor', ''])('refuses the kind "%s"', async (kind) => {
  const { code, errors } = await command(['keygen', kind]);

  expect(errors).toMatch(/hmac, session, api-key, es256, assertion/);
  expect(code).toBe(2);
});
