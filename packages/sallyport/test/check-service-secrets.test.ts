/** `check --service` where the platform alone can read the secrets: everything else is checked all the same. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command } from './command.ts';

const prefix = 'FASTMCP_SERVER_AUTH_';

/** Checks a Cloud Run service: variables with a value, and variables that refer to a secret. */
async function check(values: Readonly<Record<string, string>>, secrets: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  const env = [
    ...Object.entries(values).map(([name, value]) => ({ name: prefix + name, value })),
    ...secrets.map((name) => ({
      name: prefix + name,
      valueFrom: { secretKeyRef: { name: name.toLowerCase(), key: 'latest' } },
    })),
  ];
  const service = {
    apiVersion: 'serving.knative.dev/v1',
    spec: { template: { spec: { containers: [{ env }] } } },
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'service.yaml'), JSON.stringify(service));
  const { output } = await command(['check', '--service', 'service.yaml', '--json'], { folder });
  const { problems, settings } = JSON.parse(output) as {
    readonly problems: readonly unknown[];
    readonly settings: readonly { readonly variable: string; readonly unread?: string }[];
  };
  const unread = settings.filter((setting) => setting.unread !== undefined);
  return { problems, unread: unread.map(({ variable }) => variable.replace(prefix, '')) };
}

type Row = [name: string, values: Readonly<Record<string, string>>, secrets: readonly string[]];

const jwt = {
  TYPE: 'jwt',
  TRUSTED_PROXY_HOPS: '1',
  RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
  JWT_REQUIRED_SCOPES: 'read:data',
};
const issuer = ['JWT_ISSUER', 'JWT_AUDIENCE'];
const keys = [...issuer, 'JWT_JWKS_URI'];

it.each<Row>([
  ...['HS256', 'RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'].map(
    (algorithm): Row => [
      `the key of ${algorithm}`,
      { ...jwt, JWT_ALGORITHM: algorithm },
      [...issuer, 'JWT_PUBLIC_KEY'],
    ],
  ),
  [
    'introspection',
    { TYPE: 'introspection', TRUSTED_PROXY_HOPS: '1', INTROSPECTION_REQUIRED_SCOPES: 'read:data' },
    [
      ...['INTROSPECTION_URL', 'INTROSPECTION_CLIENT_ID', 'INTROSPECTION_CLIENT_SECRET'],
      ...['RESOURCE_URL', 'AUTHORIZATION_SERVERS'],
    ],
  ],
  [
    'API keys in a file',
    { TYPE: 'api-key', TRUSTED_PROXY_HOPS: '1' },
    ['RESOURCE_URL', 'API_KEY_SECRET', 'API_KEY_PREVIOUS_SECRET', 'API_KEY_FILE'],
  ],
  [
    'API keys in Redis',
    { TYPE: 'api-key', TRUSTED_PROXY_HOPS: '1' },
    ['RESOURCE_URL', 'API_KEY_SECRET', 'API_KEY_REDIS_URL'],
  ],
  [
    'the sign-in',
    {
      ...jwt,
      SIGN_IN_URL: 'https://id.acme-corp.dev/authorize',
      SIGN_IN_TOKEN_URL: 'https://id.acme-corp.dev/token',
    },
    [
      ...keys,
      ...['SIGN_IN_CLIENT_ID', 'SIGN_IN_CLIENT_SECRET', 'SIGN_IN_KEY', 'SIGN_IN_PREVIOUS_KEY'],
    ],
  ],
  [
    'what several instances share',
    { ...jwt, DPOP: 'required' },
    [
      ...keys,
      ...['DENIAL_LIST', 'RATE_LIMIT_REDIS_URL', 'DPOP_REDIS_URL', 'DPOP_NONCE_SECRET'],
      ...['SESSION_SECRET', 'ASSERTION_KEY', 'ASSERTION_PUBLISHED_KEYS'],
    ],
  ],
])('takes every secret of %s for good', async (_name, values, secrets) => {
  const { problems, unread } = await check(values, secrets);

  expect(problems).toEqual([]);
  expect(unread.sort()).toEqual([...secrets].sort());
});

it('still finds what is wrong beside the secrets', async () => {
  const values = { ...jwt, JWT_ALGORITHM: 'ES256', JWT_CLOCK_SKEW: '900' };
  const { problems } = await check(values, [...issuer, 'JWT_PUBLIC_KEY']);

  expect(problems).toMatchObject([{ variable: `${prefix}JWT_CLOCK_SKEW` }]);
});
