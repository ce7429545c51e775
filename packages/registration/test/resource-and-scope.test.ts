/** Resources and scopes: foreign ones, two of them, and scopes by omission. */
import { cognito, entra, general } from '@sallyport/registration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAttacked } from './attacked.ts';
import { development, endpoints, production, signInWith, startRecorder } from './in-process.ts';
import { answerOf, askToken, getTokens, openPage, requestOf } from './raw-flow.ts';
import { sealingKey } from './served.ts';

const { served, client } = await startAttacked();
const common = { clientId: 'the-mcp-server', sealingKey };
const good = general({ ...common, ...endpoints });
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const applicationIdUri = `api://${tenant}`;
const pool = { userPoolId: 'eu-central-1_AbCdEfGhI', domain: 'https://auth.example.com' };

async function startHere(signIn = good, changes: object = {}) {
  const here = await signInWith(signIn, production, changes);
  onTestFinished(here.gated.close);
  return here;
}

describe('REG-20: resource and scope', () => {
  it('refuses a foreign resource, two of them, and scopes beyond those of this server', async () => {
    const good = requestOf(served, client);
    const twice = `${new URLSearchParams(good)}&resource=${encodeURIComponent(served.resource)}`;
    const cases: readonly (readonly [Record<string, string> | string, string])[] = [
      [{ ...good, resource: 'https://other.example/mcp' }, 'invalid_target'],
      [{ ...good, resource: `${served.resource}/` }, 'invalid_target'],
      [{ ...good, resource: served.resource.toUpperCase() }, 'invalid_target'],
      [twice, 'invalid_target'],
      [{ ...good, scope: 'notes:read admin' }, 'invalid_scope'],
      [{ ...good, scope: 'openid' }, 'invalid_scope'],
      [{ ...good, scope: 'notes:read  notes:write' }, 'invalid_scope'],
      [{ ...good, scope: '.default' }, 'invalid_scope'],
    ];
    for (const [query, error] of cases) {
      expect(answerOf(await openPage(served, query)).get('error')).toBe(error);
    }
  });

  it('refuses them at the token endpoint', async () => {
    const tokens = await getTokens(served, client);
    const good = {
      grant_type: 'refresh_token',
      client_id: client.clientId,
      refresh_token: tokens.refresh_token ?? '',
    };
    const { length } = served.standIn.tokenRequests;
    for (const [extra, error] of [
      [{ resource: 'https://other.example/mcp' }, 'invalid_target'],
      [{ scope: 'notes:write' }, 'invalid_scope'],
      [{ scope: 'notes:read admin' }, 'invalid_scope'],
    ] as const) {
      expect((await askToken(served, { ...good, ...extra })).body.error).toBe(error);
    }
    expect(served.standIn.tokenRequests).toHaveLength(length);
    expect((await askToken(served, { ...good, scope: 'notes:read' })).status).toBe(200);
  });

  it('refuses every other type of request', async () => {
    const good = requestOf(served, client);
    for (const [changes, error] of [
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ response_type: 'code id_token' }, 'unsupported_response_type'],
      [{ response_mode: 'fragment' }, 'invalid_request'],
      [{ response_mode: 'form_post' }, 'invalid_request'],
      [{ request: 'a.b.c' }, 'request_not_supported'],
      [{ request_uri: 'https://evil.example' }, 'request_uri_not_supported'],
      [{ prompt: 'none' }, 'interaction_required'],
      [{ state: 'a'.repeat(2_049) }, 'invalid_request'],
      [{ code_challenge: 'short' }, 'invalid_request'],
      [{ code_challenge: '' }, 'invalid_request'],
    ] as const) {
      expect(answerOf(await openPage(served, { ...good, ...changes })).get('error')).toBe(error);
    }
    const doubled = `${new URLSearchParams(good)}&scope=notes:read&scope=notes:write`;
    expect(answerOf(await openPage(served, doubled)).get('error')).toBe('invalid_request');
  });
});

describe('REG-20: scopes by omission', () => {
  it.each([
    ['Entra', entra({ ...common, tenant, applicationIdUri })],
    ['Cognito', cognito({ ...common, ...pool })],
  ])('the page names every scope when none is asked for: %s grants all', async (_name, signIn) => {
    const { open } = await startHere(signIn);
    for (const more of [{}, { scope: 'offline_access' }]) {
      const { html } = await open({}, more);

      expect(html).toContain('notes:read</code>');
      expect(html).toContain('notes:write</code>');
      expect(html).not.toContain('offline_access</code>');
    }
  });

  it('asks for what the server requires when a client names nothing but offline_access', async () => {
    const { open } = await startHere(good, { requiredScopes: ['notes:read'] });
    const { html } = await open({}, { scope: 'offline_access' });

    expect(html).toContain('notes:read</code>');
    expect(html).not.toContain('notes:write</code>');
  });

  it.each([
    ['for offline_access alone', undefined, { scope: 'offline_access' }],
    ['after an answer with unknown names', 'another:name', {}],
  ])('a refresh %s asks Entra for the scopes of before, not for all', async (_name, said, more) => {
    const { origin: authority, requests, stop } = await startRecorder(said);
    onTestFinished(stop);
    const signIn = entra({ ...common, tenant, applicationIdUri, authority });
    const { gated, signInFor, ask, form } = await signInWith(signIn, development);
    onTestFinished(gated.close);
    const { grant } = await signInFor('notes:read');
    await ask('/token', form({ ...grant, ...more }));

    expect(requests.at(-1)?.form['scope']).toBe(`${applicationIdUri}/notes:read offline_access`);
  });

  it('a refresh does not ask for what the provider granted beyond the page', async () => {
    const { origin, requests, stop } = await startRecorder('notes:read notes:write');
    onTestFinished(stop);
    const [authorizationEndpoint, tokenEndpoint] = [`${origin}/authorize`, `${origin}/token`];
    const signIn = general({ ...common, issuer: origin, authorizationEndpoint, tokenEndpoint });
    const { gated, signInFor, ask, form } = await signInWith(signIn, development);
    onTestFinished(gated.close);
    const { grant } = await signInFor('notes:read');
    const { length } = requests;
    const wider = await ask('/token', form({ ...grant, scope: 'notes:write' }));

    expect(await wider.json()).toMatchObject({ error: 'invalid_scope' });
    expect(requests).toHaveLength(length);
  });
});
