/** Options: what does not fit is refused at the start. */

import { ConfigError, Secret } from '@sallyport/core';
import { composeGate } from '@sallyport/protect';
import { cognito, entra, general, okta } from '@sallyport/registration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { development, endpoints, production, settingsWith, signInWith } from './in-process.ts';
import { sealingKey } from './served.ts';

const clientId = 'the-mcp-server';
const common = { clientId, sealingKey };
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const applicationIdUri = `api://${tenant}`;

describe('REG-26: options', () => {
  const make = (changes: object) => () => general({ ...common, ...endpoints, ...changes } as never);
  const wrong: readonly (readonly [string, RegExp, () => unknown])[] = [
    ['an unknown option', /unknown option sealKey/, make({ sealKey: 1 })],
    ['no client id', /signIn\.clientId/, make({ clientId: undefined })],
    ['an empty client id', /signIn\.clientId: must not be empty/, make({ clientId: '' })],
    ['a key as text', /signIn\.sealingKey/, make({ sealingKey: 'a'.repeat(40) })],
    [
      'a preset that is none',
      /use one of claude, vscode, cursor, loopback/,
      make({ allowedClients: ['chatgpt'] }),
    ],
    ['no client', /at least one client/, make({ allowedClients: [] })],
    [
      'an address with a fragment',
      /must not have a fragment/,
      make({ allowedClients: ['https://a.example/b#c'] }),
    ],
    [
      'an address with http',
      /https, or http on this computer/,
      make({ allowedClients: ['http://a.example/b'] }),
    ],
    ['an origin with a path', /must be an origin/, make({ signInOrigins: ['https://a.example/'] })],
    [
      'an endpoint with http',
      /signIn\.tokenEndpoint: must be an https URL/,
      make({ tokenEndpoint: 'http://a.example/token' }),
    ],
    [
      'an endpoint that no header field can hold',
      /signIn\.authorizationEndpoint: must be ASCII/,
      make({ authorizationEndpoint: 'https://müller.example/a' }),
    ],
    [
      'an endpoint with a password and no name',
      /without credentials/,
      make({ tokenEndpoint: 'https://:a@a.example/token' }),
    ],
    [
      'a tenant by its domain',
      /GUID of the tenant/,
      () => entra({ ...common, tenant: 'contoso.onmicrosoft.com', applicationIdUri }),
    ],
    [
      'the tenant common',
      /GUID of the tenant/,
      () => entra({ ...common, tenant: 'common', applicationIdUri }),
    ],
    [
      'an Application ID URI with a slash',
      /without a slash/,
      () => entra({ ...common, tenant, applicationIdUri: `${applicationIdUri}/` }),
    ],
    [
      'the org server of Okta',
      /custom authorization server/,
      () => okta({ ...common, issuer: 'https://acme.okta.com', audience: 'a' }),
    ],
    [
      'a region as a pool',
      /id of the user pool/,
      () => cognito({ ...common, userPoolId: 'eu-central-1', domain: 'https://a.example' }),
    ],
    [
      'a domain with a slash',
      /must not end with a slash/,
      () => cognito({ ...common, userPoolId: 'eu-central-1_A', domain: 'https://a.example/' }),
    ],
  ];

  it.each(wrong)('refuse %s at the start', (_name, message, create) => {
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(message);
  });

  const misfits: readonly (readonly [string, RegExp, object])[] = [
    [
      'no key in production',
      /signIn\.sealingKey: is missing/,
      { signIn: general({ clientId, ...endpoints }) },
    ],
    ['a short key', /at least 32 bytes/, { signIn: make({ sealingKey: new Secret('short') })() }],
    [
      'a short previous key',
      /at least 32 bytes/,
      { signIn: make({ sealingKey: [sealingKey, new Secret('short')] })() },
    ],
    [
      'an empty list of keys',
      /signIn\.sealingKey: must have a secret/,
      { signIn: make({ sealingKey: [] })() },
    ],
    [
      'authorization servers beside it',
      /cannot stand beside signIn/,
      { authorizationServers: ['https://auth.example.com'] },
    ],
    [
      'development tokens beside it',
      /cannot stand beside signIn/,
      { verifier: undefined, developmentTokens: {} },
    ],
    [
      'no authentication beside it',
      /cannot stand beside signIn/,
      { verifier: undefined, dangerouslyOmitAuthentication: true, environment: development },
    ],
    [
      'a provider on this computer in production',
      /signIn\.tokenEndpoint/,
      { signIn: make({ tokenEndpoint: 'http://127.0.0.1:1/token' })() },
    ],
  ];

  it.each(misfits)('refuse %s when protect is called', async (_name, message, changes) => {
    const settings = settingsWith(make({})(), changes);

    await expect(composeGate(settings)).rejects.toThrow(ConfigError);
    await expect(composeGate(settings)).rejects.toThrow(message);
  });

  it('report once that there is no key in development', async () => {
    const events: { type: string }[] = [];
    const { close } = await composeGate(
      settingsWith(general({ clientId, ...endpoints }), {
        environment: development,
        onEvent: (event: { type: string }) => events.push(event),
      }),
    );
    await close();

    expect(events.map(({ type }) => type)).toEqual(['sealing_key_random']);
  });

  it('of allowed clients: an exact address and no preset', async () => {
    const chatgpt = 'https://chatgpt.com/connector/oauth/abc';
    const register = await openRegistration([chatgpt, 'vscode']);
    const statusOf = async (...redirect_uris: readonly string[]) =>
      (await register({ redirect_uris })).status;

    expect(await statusOf(chatgpt)).toBe(201);
    // As Visual Studio Code registers.
    expect(
      await statusOf(
        'https://insiders.vscode.dev/redirect',
        'https://vscode.dev/redirect',
        'http://127.0.0.1/',
        'http://127.0.0.1:33418/',
      ),
    ).toBe(201);
    expect(await statusOf('http://localhost', 'http://127.0.0.1')).toBe(201);
    expect(await statusOf('https://chatgpt.com/connector/oauth/other')).toBe(400);
    expect(await statusOf('https://claude.ai/api/mcp/auth_callback')).toBe(400);
    expect(await statusOf('http://127.0.0.1:33418/callback')).toBe(400);
  });

  it('let Cursor register its three addresses at once', async () => {
    const register = await openRegistration(['cursor']);
    const response = await register({
      redirect_uris: [
        'cursor://anysphere.cursor-mcp/oauth/callback',
        'https://www.cursor.com/agents/mcp/oauth/callback',
        'http://localhost:8787/callback',
      ],
      token_endpoint_auth_method: 'client_secret_post',
    });

    expect(await response.json()).toMatchObject({ token_endpoint_auth_method: 'none' });
  });
});

async function openRegistration(allowedClients: readonly string[]) {
  const signIn = general({ ...common, ...endpoints, allowedClients });
  const { gated, ask } = await signInWith(signIn, production);
  onTestFinished(gated.close);
  const headers = { 'Content-Type': 'application/json' };
  return (metadata: object) =>
    ask('/register', { method: 'POST', headers, body: JSON.stringify(metadata) });
}
