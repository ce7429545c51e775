/** Options: what does not fit is refused at the start. */

import { ConfigError, Secret } from '@sallyport/core';
import { composeGate } from '@sallyport/protect';
import { cognito, entra, general, okta } from '@sallyport/registration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { development, endpoints, production, settingsWith, signInWith } from './in-process.ts';
import { sealingKey } from './served.ts';

const clientId = 'the-mcp-server';
const common = { clientId, sealingKey };
const good = general({ ...common, ...endpoints });
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const applicationIdUri = `api://${tenant}`;

describe('REG-26: options', () => {
  const wrong: readonly (readonly [string, RegExp, () => unknown])[] = [
    [
      'an unknown option',
      /unknown option sealKey/,
      () => general({ ...common, ...endpoints, sealKey: 1 } as never),
    ],
    ['no client id', /signIn\.clientId/, () => general({ ...endpoints } as never)],
    [
      'an empty client id',
      /signIn\.clientId: must not be empty/,
      () => general({ ...common, ...endpoints, clientId: '' }),
    ],
    [
      'a key as text',
      /signIn\.sealingKey/,
      () => general({ ...common, ...endpoints, sealingKey: 'a'.repeat(40) } as never),
    ],
    [
      'a preset that is none',
      /use one of claude, vscode, cursor, loopback/,
      () => general({ ...common, ...endpoints, allowedClients: ['chatgpt'] }),
    ],
    [
      'no client',
      /at least one client/,
      () => general({ ...common, ...endpoints, allowedClients: [] }),
    ],
    [
      'an address with a fragment',
      /must not have a fragment/,
      () => general({ ...common, ...endpoints, allowedClients: ['https://a.example/b#c'] }),
    ],
    [
      'an address with http',
      /https, or http on this computer/,
      () => general({ ...common, ...endpoints, allowedClients: ['http://a.example/b'] }),
    ],
    [
      'an origin with a path',
      /must be an origin/,
      () => general({ ...common, ...endpoints, signInOrigins: ['https://a.example/'] }),
    ],
    [
      'an endpoint with http',
      /signIn\.tokenEndpoint: must be an https URL/,
      () => general({ ...common, ...endpoints, tokenEndpoint: 'http://a.example/token' }),
    ],
    [
      'an endpoint that no header field can hold',
      /signIn\.authorizationEndpoint: must be ASCII/,
      () => general({ ...common, ...endpoints, authorizationEndpoint: 'https://müller.example/a' }),
    ],
    [
      'an endpoint with a password and no name',
      /without credentials/,
      () => general({ ...common, ...endpoints, tokenEndpoint: 'https://:a@a.example/token' }),
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
    [
      'a short key',
      /at least 32 bytes/,
      { signIn: general({ ...common, ...endpoints, sealingKey: new Secret('short') }) },
    ],
    [
      'a short previous key',
      /at least 32 bytes/,
      {
        signIn: general({ ...common, ...endpoints, sealingKey: [sealingKey, new Secret('short')] }),
      },
    ],
    [
      'an empty list of keys',
      /signIn\.sealingKey: must have a secret/,
      { signIn: general({ ...common, ...endpoints, sealingKey: [] as never }) },
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
      { signIn: general({ ...common, ...endpoints, tokenEndpoint: 'http://127.0.0.1:1/token' }) },
    ],
  ];

  it.each(misfits)('refuse %s when protect is called', async (_name, message, changes) => {
    const settings = settingsWith(good, changes);

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
    const { gated, ask } = await signInWith(
      general({ ...common, ...endpoints, allowedClients: [chatgpt, 'vscode'] }),
      production,
    );
    onTestFinished(gated.close);
    const statusOf = async (...redirect_uris: readonly string[]) => {
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ redirect_uris });
      return (await ask('/register', { method: 'POST', headers, body })).status;
    };

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
    const { gated, ask } = await signInWith(
      general({ ...common, ...endpoints, allowedClients: ['cursor'] }),
      production,
    );
    onTestFinished(gated.close);
    const response = await ask('/register', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [
          'cursor://anysphere.cursor-mcp/oauth/callback',
          'https://www.cursor.com/agents/mcp/oauth/callback',
          'http://localhost:8787/callback',
        ],
        token_endpoint_auth_method: 'client_secret_post',
      }),
    });

    expect(await response.json()).toMatchObject({ token_endpoint_auth_method: 'none' });
  });
});
