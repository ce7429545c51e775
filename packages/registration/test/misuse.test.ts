/** What strangers do to the endpoints besides the attacks of the catalogue: floods, claims, and scopes by omission. */
import { cognito, entra, general } from '@sallyport/registration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { development, production, signInWith, startRecorder } from './in-process.ts';
import { sealingKey } from './served.ts';

const common = { clientId: 'the-mcp-server', sealingKey };
const endpoints = {
  issuer: 'https://auth.example.com',
  authorizationEndpoint: 'https://auth.example.com/authorize',
  tokenEndpoint: 'https://auth.example.com/token',
};
const good = general({ ...common, ...endpoints });
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const applicationIdUri = `api://${tenant}`;
const pool = { userPoolId: 'eu-central-1_AbCdEfGhI', domain: 'https://auth.example.com' };
const loopback = 'http://127.0.0.1:7777/callback';

async function startHere(signIn = good, changes: object = {}) {
  const here = await signInWith(signIn, production, changes);
  onTestFinished(here.gated.close);
  /** Registers, and opens `/authorize`. */
  async function open(client: { address?: string; name?: string }, more: object = {}) {
    const { address = loopback, name } = client;
    const registered = await here.ask('/register', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [address], client_name: name }),
    });
    const { client_id } = (await registered.json()) as { client_id: string };
    const query = {
      client_id,
      redirect_uri: address,
      response_type: 'code',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
      ...more,
    };
    const askWith = (extra = '') =>
      here.ask(`/authorize?${new URLSearchParams(query as Record<string, string>)}${extra}`);
    return { askWith, html: await (await askWith()).text() };
  }
  return { ...here, open };
}

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

describe('REG-16, REG-21: who gets the answer', () => {
  it('sends no answer when the address is there twice, whatever else is', async () => {
    const { askWith } = await (await startHere()).open({});
    const twice = `&redirect_uri=${encodeURIComponent(loopback)}`;
    for (const extra of [`&scope=&scope=${twice}`, `&a=1&a=2&client_id=a${twice}`]) {
      const response = await askWith(extra);

      expect([response.status, response.headers.get('Location')]).toEqual([400, null]);
    }
  });

  it('a name cannot end its own quotation, and go on as words of the page', async () => {
    const { open } = await startHere();
    for (const [before, after] of ['””', '""', '»«', '„“'].map((pair) => [...pair])) {
      const { html } = await open({ name: `Claude${before}. It was checked. ${after}` });

      expect(html).toContain('“<bdi>Claude&#39;. It was checked. &#39;</bdi>”');
    }
  });

  it('warns at an address of a private scheme: another program can claim it', async () => {
    const { open } = await startHere();
    const cursor = await open({ address: 'cursor://anysphere.cursor-mcp/oauth/callback' });
    const web = await open({ address: 'https://claude.ai/api/mcp/auth_callback' });

    expect(cursor.html).toContain('<strong><bdi>Cursor</bdi></strong>');
    expect(cursor.html).toContain('Any program on your computer can receive it.');
    expect(web.html).not.toContain('Any program on your computer');
  });
});
