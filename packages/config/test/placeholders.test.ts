/** What is a placeholder, and what is a secret that only looks odd. */
import { createHash } from 'node:crypto';
import { Secret } from '@sallyport/core';
import { hmacSecret } from '@sallyport/verifier-jwt';
import { describe, expect, it } from 'vitest';
import { composeKeys } from '../src/compose/compose-keys.ts';
import { isPlaceholder } from '../src/values/placeholders.ts';
import { load, opaque, problemsOf } from './set-up.ts';

const printable = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at));

/** The same random texts in each run. */
function randomSecret(seed: number, length: number): string {
  const bytes = createHash('shake256', { outputLength: length * 2 })
    .update(`${seed}`)
    .digest();
  return Array.from({ length }, (_, at) => printable[bytes.readUInt16BE(at * 2) % 94]).join('');
}

const hmac = { JWT_JWKS_URI: undefined, JWT_ALGORITHM: 'HS256' };
const resource = { RESOURCE_URL: 'https://notes.acme-corp.dev/mcp' };

describe('a secret', () => {
  it('CASE-54: may hold any printable character: 10,000 random ones', () => {
    const secrets = Array.from({ length: 10_000 }, (_, seed) => randomSecret(seed, 40));
    const mistaken = secrets.filter(isPlaceholder);
    // The nightly tests of @sallyport/verifier-jwt open as many. Opening one takes half a millisecond.
    const refused = secrets.slice(0, 500).filter((secret) => {
      try {
        const authentication = { keys: { kind: 'hmac', key: new Secret(secret) } };
        const library = { hmacSecret, rotating: (source: unknown) => source };
        composeKeys(library as never, authentication as never, {} as never);
        return false;
      } catch {
        return true;
      }
    });

    expect(mistaken).toHaveLength(0);
    expect(refused).toHaveLength(0);
  });

  it.each([
    'aB3$<your-secret>9xQ7vLmZ2pK5tW8yR4nC6d',
    'k9{id}Wq7-change-me-Zt3Lm5Vx8Rc2Nw4J',
    'xxxT7vQ9mZ3rB5wL2pK8tY4nC6dF1hJ0sG',
    '"T7vQ9mZ3rB5wL2pK8tY4nC6dF1hJ0sGaa"',
    'T7vQ9mZ3rB5wL2@mail.example.com:K8tY',
    'm:T7vQ9mZ3rB5wL2pK8tY4nC6dF1hJ0sGa',
    '$T7vQ9mZ3rB5wL2pK8tY4nC6dF1hJ0sG{a}',
  ])('CASE-54: number %# is one, though it holds a placeholder or an address', async (secret) => {
    const introspection = { ...opaque, INTROSPECTION_CLIENT_SECRET: secret };

    expect(await problemsOf(introspection)).toEqual([]);
    expect(await problemsOf({ ...hmac, ...resource, JWT_PUBLIC_KEY: secret })).toEqual([]);
  });

  it.each([
    '<your-secret>',
    '{your-client-secret}',
    'changeme',
    'CHANGE_ME',
    'your-client-secret',
    'xxxxxxxx',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a shell did not replace
    '${NOTES_PASSPHRASE}',
    '$NOTES_PASSPHRASE',
  ])('CASE-54: is not %s', async (text) => {
    for (const changes of [
      { ...opaque, INTROSPECTION_CLIENT_SECRET: text },
      { ...hmac, ...resource, JWT_PUBLIC_KEY: text },
    ]) {
      expect(await problemsOf(changes)).toEqual([
        expect.stringContaining('looks like a placeholder'),
      ]);
    }
  });

  it('CASE-54: in quotation marks is used as it is, with a warning', async () => {
    const quoted = '"T7vQ9mZ3rB5wL2pK8tY4nC6dF1hJ0sGaa"';
    const { warnings } = await load({ ...hmac, ...resource, JWT_PUBLIC_KEY: quoted });

    expect(warnings).toContainEqual(expect.stringContaining('JWT_PUBLIC_KEY: has quotation marks'));
  });
});

it.each([
  'https://notes.acme-corp.dev/your/mcp',
  'https://xxl.acme-corp.dev/mcp',
  'https://exchange-me.acme-corp.dev/mcp',
])('CASE-54: %s is an address like any other', async (url) => {
  expect(await problemsOf({ RESOURCE_URL: url })).toEqual([]);
});
