/** What presets refuse at the start. */
import { ConfigError, Secret } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { hmacSecret, providers, type TrustedIssuer } from '../../src/index.ts';
import { production } from './fixture-issuer.ts';
import { guid, resource } from './provider-shape.ts';

type Options = Readonly<Record<string, unknown>>;

const project = `project-live-${guid}`;
const rightOptions: Readonly<Record<keyof typeof providers, Options>> = {
  google: { audience: 'client-1' },
  googleIap: { audience: '/projects/1/apps/acme' },
  firebase: { projectId: 'acme-notes' },
  entra: { tenants: [guid], audience: guid },
  auth0: { domain: 'acme.eu.auth0.com', audience: resource },
  okta: { domain: 'acme.okta.com', authorizationServerId: 'default', audience: resource },
  keycloak: { baseUrl: 'https://sso.acme.com', realm: 'staff', audience: resource },
  cognito: { region: 'us-gov-west-1', userPoolId: 'us-gov-west-1_Ab1', clientIds: ['client-1'] },
  workos: { domain: 'acme.authkit.app', audience: resource },
  clerk: { domain: 'clerk.acme.com', audience: resource },
  descope: { projectId: 'P2', issuer: 'project', audience: resource },
  stytch: { projectId: project, audience: resource },
  supabase: { projectRef: 'abcdefghijklmnopqrst', clientIds: ['client-1'] },
  logto: { domain: 'acme.logto.app', audience: resource },
  oryHydra: { issuer: 'https://hydra.acme.com/', audience: resource },
  ping: { environmentId: guid, region: 'com.au', audience: resource },
  authentik: { baseUrl: 'https://sso.acme.com', slug: 'notes', clientIds: ['client-1'] },
  zitadel: { baseUrl: 'https://acme.zitadel.cloud', audience: '3443741836' },
};

/** As JavaScript would call it, with whatever configuration holds. */
function create(name: string, bad: Options = {}): TrustedIssuer {
  const presets = providers as unknown as Record<string, (options: Options) => TrustedIssuer>;
  const preset = presets[name];
  if (preset === undefined) throw new Error(`no preset ${name}`);
  const right = rightOptions[name as keyof typeof providers];
  return preset({ environment: production, ...right, ...bad });
}

const hosts = [
  'https://acme.com',
  'acme.com/',
  'acme.com/oauth2/default',
  ' acme.com',
  'acme.com\n',
  'ACME.com',
  'acme.com:443',
  'user@acme.com',
  'acme',
  'acme..com',
  '-acme.com',
  '.acme.com',
  'acme.com.',
  '127.0.0.1',
  'acme.com?x',
  'acme.com#x',
  'äcme.com',
  '{tenant}.acme.com',
  '<tenant>.acme.com',
  'your-tenant.acme.com',
  '*',
  '',
  undefined,
  42,
];
const urls = [
  'acme.com',
  'http://acme.com',
  'ftp://acme.com',
  'https://acme.com/',
  'https://acme.com/auth/',
  'https://ACME.com',
  'https://acme.com:443',
  'https://user:secret@acme.com',
  'https://acme.com?x=1',
  'https://acme.com#x',
  'https://acme.com/a/../b',
  'https://acme.com ',
  'https://{host}',
  'https://your-domain.com',
  '',
  undefined,
];
const segments = [
  '',
  'a/b',
  '..',
  '.',
  'a b',
  'a\n',
  '%2e',
  '{realm}',
  'your-realm',
  '*',
  '-a',
  'a?b',
];
const guids = ['acme.onmicrosoft.com', 'common', guid.slice(1), `{${guid}}`, '{tenant-id}', ''];
const zeros = '00000000-0000-0000-0000-000000000000';
const names = [
  '',
  '*',
  ' a',
  'a\n',
  '{tenant-id}',
  'your-client-id',
  'api://your-api',
  '<audience>',
];

const badOptions: readonly (readonly [string, string, readonly unknown[]])[] = [
  ['google', 'hostedDomain', hosts.filter((host) => host !== undefined)],
  ['googleIap', 'audience', [...names, undefined, 'projects/1/apps/a', '/projects/acme/apps/a']],
  ['firebase', 'projectId', ['', 'Acme', '123456', 'a/b', 'your-project', undefined]],
  ['entra', 'tenants', [...guids.map((one) => [one]), [guid, zeros], [], undefined, guid]],
  ['entra', 'tokenVersion', [0, 3, '2']],
  ['entra', 'signingApplicationId', guids],
  ['auth0', 'domain', hosts],
  ['auth0', 'audience', ['https://acme.eu.auth0.com/userinfo']],
  ['okta', 'domain', hosts],
  ['okta', 'authorizationServerId', [...segments, undefined, null, 'org', 'v1']],
  ['keycloak', 'baseUrl', urls],
  ['keycloak', 'realm', segments],
  ['keycloak', 'roles', [{ client: 'a/b' }, { client: '' }]],
  ['keycloak', 'audience', ['account', [resource, 'account']]],
  ['cognito', 'region', ['eu-central', 'EU-central-1', 'eu-central-1/', 'global', '', undefined]],
  ['cognito', 'userPoolId', ['eu-central-1_Ab1', 'us-gov-west-1_', 'us-gov-west-1_a/b', undefined]],
  ['workos', 'domain', hosts],
  ['clerk', 'domain', hosts],
  ['descope', 'projectId', segments],
  ['descope', 'domain', hosts.filter((host) => host !== undefined)],
  ['descope', 'issuer', [undefined, null, 'tenant', '', {}]],
  ['descope', 'issuer.mcpServerId', [{ mcpServerId: 'a/b' }, { mcpServerId: '' }]],
  ['descope', 'issuer.tenantId', [{ tenantId: 'a/b' }, { tenantId: '' }]],
  ['stytch', 'projectId', ['project-live-1', `project-${guid}`, guid, '', undefined]],
  ['stytch', 'domain', hosts.filter((host) => host !== undefined)],
  ['supabase', 'projectRef', ['abc', 'abcdefghijklmnopqrsT', 'your-project-ref', '', undefined]],
  ['logto', 'domain', hosts],
  ['oryHydra', 'issuer', urls.filter((url) => !url?.endsWith('/'))],
  ['oryHydra', 'issuer', ['https://hydra.acme.com//', '/']],
  ['ping', 'environmentId', [...guids, zeros]],
  ['ping', 'region', ['us', 'evil.com', 'COM', '', undefined]],
  ['authentik', 'baseUrl', urls],
  ['authentik', 'slug', segments],
  ['zitadel', 'baseUrl', urls],
];

it.each(Object.keys(rightOptions))('%s takes what it is meant for', (name) => {
  expect(() => create(name)).not.toThrow();
});

it.each(badOptions)('%s refuses a bad %s (CFG-09)', (name, option, values) => {
  for (const value of values) {
    const bad = { [option.replace(/\..*/, '')]: value };
    const outcome = { name: 'ConfigError', option: `jwt.provider.${option}` };
    expect(() => create(name, bad), JSON.stringify(value)).toThrow(
      expect.objectContaining(outcome),
    );
  }
});

describe.each(Object.entries(rightOptions))('%s', (name, right) => {
  // Firebase and the proxy have one audience, which follows from what they are given.
  const lists = ['audience', 'clientIds'].filter(
    (option) => !['googleIap', 'firebase'].includes(name) && option in right,
  );

  it.each(lists)('refuses every %s that names nobody, or everybody (CFG-09)', (option) => {
    for (const value of [undefined, [], ...names.map((one) => [one]), [42], [null]]) {
      const isList = Array.isArray(value) && typeof value[0] !== 'string' && value.length > 0;
      // A list with a wrong type in it is refused by position, where the option must be a list.
      const at = isList && option === 'clientIds' ? '[0]' : '';
      expect(() => create(name, { [option]: value }), JSON.stringify(value)).toThrow(
        expect.objectContaining({ name: 'ConfigError', option: `jwt.provider.${option}${at}` }),
      );
    }
  });

  it('refuses a shared secret for a key (TOK-03)', () => {
    const keys = hmacSecret(new Secret('k'.repeat(32)));

    expect(() => create(name, { keys })).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'jwt.provider.keys' }),
    );
  });

  it('judges the options of its keys', () => {
    expect(() => create(name, { cacheTtlSeconds: 0 })).toThrow(ConfigError);
    expect(() => create(name, { timeoutSeconds: 0 })).toThrow(ConfigError);
  });
});

it('says why the org authorization server of Okta is no good', () => {
  expect(() => create('okta', { authorizationServerId: 'org' })).toThrow(
    'its access tokens are for Okta itself; use a custom authorization server, for example `default`',
  );
});
