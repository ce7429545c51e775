/** What each kind of provider is asked. */
import { Secret } from '@sallyport/core';
import {
  clientSecretBasic,
  cognito,
  entra,
  general,
  okta,
  type SignIn,
} from '@sallyport/registration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { development, production, signInWith, startRecorder } from './in-process.ts';
import { sealingKey } from './served.ts';

const clientId = 'the-mcp-server';
const common = { clientId, sealingKey };
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const applicationIdUri = `api://${tenant}`;

describe('REG-25: what each kind of provider is asked', () => {
  const scope = 'notes:read notes:write';
  const asked = (more: object) => ({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: 'https://mcp.example.com/mcp/sign-in/callback',
    code_challenge: expect.any(String),
    code_challenge_method: 'S256',
    state: expect.any(String),
    ...more,
  });
  const resource = 'https://mcp.example.com/mcp';
  const secret = clientSecretBasic({ clientId, secret: new Secret('a secret of the client') });

  const kinds: readonly (readonly [
    name: string,
    signIn: (origin: string) => SignIn,
    expected: { paths: readonly string[]; authorize: object; code: object; refresh: object },
  ])[] = [
    [
      'Entra: full names of scopes, no resource, no prompt, no secret for a desktop client',
      (authority) => entra({ ...common, tenant, applicationIdUri, authority }),
      {
        paths: [`/${tenant}/oauth2/v2.0/authorize`, `/${tenant}/oauth2/v2.0/token`],
        authorize: {
          scope: `${applicationIdUri}/notes:read ${applicationIdUri}/notes:write offline_access`,
        },
        code: { client_id: clientId },
        refresh: {
          client_id: clientId,
          scope: `${applicationIdUri}/notes:read ${applicationIdUri}/notes:write offline_access`,
        },
      },
    ],
    [
      'Entra: a secret for a client of the platform Web',
      (authority) =>
        entra({ ...common, tenant, applicationIdUri, authority, clientAuthentication: secret }),
      {
        paths: [`/${tenant}/oauth2/v2.0/authorize`, `/${tenant}/oauth2/v2.0/token`],
        authorize: {
          scope: `${applicationIdUri}/notes:read ${applicationIdUri}/notes:write offline_access`,
        },
        code: {},
        refresh: {
          scope: `${applicationIdUri}/notes:read ${applicationIdUri}/notes:write offline_access`,
        },
      },
    ],
    [
      'Cognito: the resource, and no offline_access',
      (domain) => cognito({ ...common, userPoolId: 'eu-central-1_AbCdEfGhI', domain }),
      {
        paths: ['/oauth2/authorize', '/oauth2/token'],
        authorize: { scope, resource },
        code: { resource, client_id: clientId },
        refresh: { resource, client_id: clientId },
      },
    ],
    [
      'Okta: the audience in place of the resource',
      (origin) =>
        okta({ ...common, issuer: `${origin}/oauth2/default`, audience: 'api://default' }),
      {
        paths: ['/oauth2/default/v1/authorize', '/oauth2/default/v1/token'],
        authorize: { scope: `${scope} offline_access`, audience: 'api://default' },
        code: { client_id: clientId },
        refresh: { client_id: clientId },
      },
    ],
    [
      'general: the resource',
      (origin) =>
        general({
          ...common,
          issuer: origin,
          authorizationEndpoint: `${origin}/authorize`,
          tokenEndpoint: `${origin}/token`,
        }),
      {
        paths: ['/authorize', '/token'],
        authorize: { scope: `${scope} offline_access`, resource },
        code: { resource, client_id: clientId },
        refresh: { resource, client_id: clientId },
      },
    ],
    [
      'general, without resource and offline_access',
      (origin) =>
        general({
          ...common,
          issuer: origin,
          authorizationEndpoint: `${origin}/authorize?tenant=1`,
          tokenEndpoint: `${origin}/token`,
          sendsResource: false,
          sendsOfflineAccess: false,
        }),
      {
        paths: ['/authorize', '/token'],
        authorize: { scope, tenant: '1' },
        code: { client_id: clientId },
        refresh: { client_id: clientId },
      },
    ],
  ];

  it.each(kinds)('%s', async (_name, create, { paths, authorize, code, refresh }) => {
    const recorder = await startRecorder();
    onTestFinished(recorder.stop);
    const { gated, run } = await signInWith(create(recorder.origin), development);
    onTestFinished(gated.close);
    const location = await run(scope);

    expect(location.origin).toBe(recorder.origin);
    expect([location.pathname, ...new Set(recorder.requests.map(({ path }) => path))]).toEqual(
      paths,
    );
    expect(Object.fromEntries(location.searchParams)).toEqual(asked(authorize));
    expect(recorder.requests.map(({ form }) => form)).toEqual([
      {
        grant_type: 'authorization_code',
        code: 'c',
        redirect_uri: 'https://mcp.example.com/mcp/sign-in/callback',
        code_verifier: 'a'.repeat(43),
        ...code,
      },
      { grant_type: 'refresh_token', refresh_token: 'r', ...refresh },
    ]);
  });

  it('Entra: takes the full names of a challenge, and asks for the default without scopes', async () => {
    const signIn = entra({ ...common, tenant, applicationIdUri });
    const { gated, register, allow } = await signInWith(signIn, production);
    onTestFinished(gated.close);
    const client = await register();
    const scopesFor = async (asked: string) =>
      new URL((await allow(client, asked)).headers.get('Location') ?? '').searchParams.get('scope');

    expect(await scopesFor(`${applicationIdUri}/notes:read offline_access`)).toBe(
      `${applicationIdUri}/notes:read offline_access`,
    );
    expect(await scopesFor('')).toBe(`${applicationIdUri}/.default offline_access`);
  });
});
