/** Secrets that somebody put into a variable whose value is printed. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { writeStartUpReport } from '../src/index.ts';
import { hideInUrl, looksSecret } from '../src/report/secret-shapes.ts';
import { show } from '../src/report/shown-setting.ts';
import { variables } from '../src/variables/all-variables.ts';
import { load, opaque, problemsOf } from './set-up.ts';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const word = lower + lower.toUpperCase() + digits;

/** The same random texts in each run. */
function createRandom(seed: string) {
  let counter = 0;
  const next = (below: number): number => {
    counter += 1;
    return createHash('sha256').update(`${seed}:${counter}`).digest().readUInt32BE() % below;
  };
  return (length: number, alphabet: string): string =>
    Array.from({ length }, () => alphabet[next(alphabet.length)]).join('');
}
const random = createRandom('secrets of real shapes');
const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });

const shapes: Readonly<Record<string, () => string>> = {
  'client secret of Entra': () => `${random(3, word)}8Q~${random(34, `${word}~._-`)}`,
  'access key of AWS': () => random(40, `${word}/+`),
  'key id of AWS': () => `AKIA${random(16, lower.toUpperCase() + digits)}`,
  'token of GitHub': () => `ghp_${random(36, word)}`,
  'API key of Sallyport': () => `sallyport_${random(49, word)}`,
  'key of Stripe': () => `sk_live_${random(24, word)}`,
  'client secret of Google': () => `GOCSPX-${random(28, `${word}_-`)}`,
  'client secret of Auth0': () => random(64, `${word}_-`),
  'token of Slack': () => `xoxb-${random(12, digits)}-${random(24, word)}`,
  JWT: () => `eyJ${random(20, word)}.eyJ${random(40, word)}.${random(43, `${word}_-`)}`,
  base64: () => `${random(43, `${word}/+`)}=`,
  base64url: () => random(43, `${word}_-`),
  'hexadecimal, 16 bytes': () => random(32, 'abcdef0123456789'),
  'hexadecimal, 32 bytes': () => random(64, 'abcdef0123456789'),
  'upper-case base32': () => random(32, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
  'password with symbols': () => `${random(8, word)}!${random(4, `${word}$&#?`)}`,
  'password of a generator': () => `${random(5, word)}7a9B-${random(6, word)}-${random(6, word)}`,
  'private key': () => String(key),
};
const secrets = Object.entries(shapes).flatMap(([shape, make]) =>
  Array.from({ length: 25 }, () => [shape, make()] as const),
);
const printed = variables.filter(({ isSecret, name }) => !isSecret && name !== 'ENVIRONMENT');

/** Whatever is printed of a secret is too short to be of use. */
function isShown(secret: string, text: string): boolean {
  const parts = Array.from({ length: Math.max(1, secret.length - 7) }, (_, at) =>
    JSON.stringify(secret.slice(at, at + 8)).slice(1, -1),
  );
  return parts.some((part) => text.includes(part));
}

describe('a secret in a variable that is printed', () => {
  it(`CASE-41: is recognised, ${secrets.length} random ones of ${Object.keys(shapes).length} shapes`, () => {
    const missed = secrets.filter(([, secret]) => !looksSecret(secret)).map(([shape]) => shape);

    expect(secrets.length).toBeGreaterThan(300);
    expect(missed).toEqual([]);
  });

  it('CASE-41: is neither in the report nor in a problem, whatever the variable', async () => {
    const shown: string[] = [];
    for (const [at, [shape, secret]] of secrets.entries()) {
      // Each secret meets a few variables, and each variable many secrets.
      for (let step = 0; step < 3; step += 1) {
        const { name } = printed[(at * 3 + step) % printed.length] ?? { name: '' };
        const changes = { ...(name.includes('INTROSPECTION') && opaque), [name]: secret };
        const problems = await problemsOf(changes);
        const report = problems.length > 0 ? '' : writeStartUpReport(await load(changes));
        if (isShown(secret, problems.join() + report)) shown.push(`${shape} in ${name}`);
      }
    }

    expect(shown).toEqual([]);
  });

  it('CASE-41: is not shown as a GUID where no id is expected', async () => {
    const guid = '835f09b6-0f0f-40cc-85cb-f32c5829a149';

    expect((await problemsOf({ JWT_ALGORITHM: guid })).join()).not.toContain(guid);
    expect(
      writeStartUpReport(
        await load({ RESOURCE_URL: 'https://a.acme-corp.dev/mcp', JWT_AUDIENCE: guid }),
      ),
    ).toContain(guid);
  });

  it('CASE-41: never gets there by a hint', async () => {
    const endings = ['SECRET', 'KEY', 'TOKEN', 'PASSWORD', 'CLIENT_SECRET', 'API_KEY'];
    const beginnings = [
      'AZURE',
      'JWT',
      'JWT_CLIENT',
      'JWT_ISSUER',
      'INTROSPECTION',
      'RATE_LIMIT',
      'TENANT',
      'RESOURCE',
      'PORT',
    ];
    for (const name of beginnings.flatMap((begin) => endings.map((end) => `${begin}_${end}`))) {
      const [problem = ''] = await problemsOf({ [`FASTMCP_SERVER_AUTH_${name}`]: 'x' });
      const hinted = /Did you mean (\w+)\?/.exec(problem)?.[1];
      const isPrinted = printed.some((variable) => variable.name === hinted);

      expect([name, isPrinted && hinted]).toEqual([name, false]);
    }
  });
});

describe('a secret of a known form', () => {
  it.each([
    'hvs.onlylowerletters',
    'glpat-onlylowerletters',
    'sk_live_onlylowerletters',
    'npm_onlylowerletters',
    'AKIAONLYUPPERLETTERS',
    'eyJonlyletters',
    '-----BEGIN PRIVATE KEY-----',
  ])('CASE-41: is one without looking random: number %#', (text) => {
    expect(looksSecret(text)).toBe(true);
  });

  it('CASE-41: is hidden in the credentials of a URL', () => {
    const shown = hideInUrl('https://ada:lovelace@id.acme-corp.dev/jwks');

    expect(shown).toBe('https://[redacted]@id.acme-corp.dev/jwks');
  });
});

describe('what is no secret', () => {
  const words = printed.flatMap((variable) => {
    const schema = variable.schema();
    return schema instanceof z.ZodEnum
      ? schema.options.map(String).map((text) => [text, variable] as const)
      : [];
  });
  it.each(words)('is %s, a value of a variable', (text, variable) => {
    expect(show(text, variable)).toBe(JSON.stringify(text));
  });

  it.each([
    'https://accounts.google.com',
    'https://login.microsoftonline.com/8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f/v2.0',
    'https://acme.okta.com/oauth2/aus1gjh63g214q0Hq0h7',
    'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI',
    'https://sso.acme.com/realms/acme2/protocol/openid-connect/certs',
    'https://dev-a1b2c3d4.us.auth0.com/.well-known/jwks.json',
    'https://notes-1234567890.us-central1.run.app/mcp',
    'api://5d4c3b2a-1f0e-4d9c-8b7a-6f5e4d3c2b1a',
    'api://5d4c3b2a-1f0e-4d9c-8b7a-6f5e4d3c2b1a/Notes.ReadWrite.All',
    '5d4c3b2a-1f0e-4d9c-8b7a-6f5e4d3c2b1a',
    '738495021846-n3b4k5j6h7g8f9d0s1a2p3o4i5u6y7t8.apps.googleusercontent.com',
    'dev-a1b2c3d4.us.auth0.com',
    'notes@acme-corp.iam.gserviceaccount.com',
    'notes-a1b2c3d4e5@acme-corp.iam.gserviceaccount.com',
    'eu-central-1_AbCdEfGhI',
    '0oa1gjh63g214q0Hq0h7',
    'internal-notes-service-v2',
    'read:data,write:data',
    '["read:data", "write:data"]',
    'https://www.googleapis.com/auth/calendar.events.readonly',
    'urn:zitadel:iam:org:project:69234237810729019:roles',
    'patient/Observation.read user/*.* offline_access',
    'Notes.ReadWrite.All Files.Read.Selected',
    'project-live-5d4c3b2a-1f0e-4d9c-8b7a-6f5e4d3c2b1a',
    'acme-notes-123456',
    '{"read_note": ["read:data"], "write_note_v2": ["write:data"]}',
    'us-central1-docker2-v3-prod',
  ])('CASE-41: %s is shown', (text) => {
    expect(looksSecret(text)).toBe(false);
  });
});
