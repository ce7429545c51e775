/** The token endpoint: PKCE, codes, grants and refresh tokens. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAttacked } from './attacked.ts';
import {
  allow,
  answerOf,
  askToken,
  getCode,
  getTokens,
  openPage,
  redemptionOf,
  register,
  requestOf,
  signInAtProvider,
} from './raw-flow.ts';
import { startServed } from './served.ts';

const { served, client, later } = await startAttacked();

describe('REG-17: PKCE', () => {
  it.each([
    ['missing', { code_challenge: '', code_challenge_method: '' }],
    ['plain', { code_challenge_method: 'plain' }],
    ['without a method', { code_challenge_method: '' }],
    ['too short', { code_challenge: 'abc' }],
    ['of another alphabet', { code_challenge: '+'.repeat(43) }],
  ])('is required: a challenge that is %s', async (_name, changes) => {
    const response = await openPage(served, { ...requestOf(served, client), ...changes });

    expect(response.status).toBe(303);
    expect(answerOf(response).get('error')).toBe('invalid_request');
    expect(answerOf(response).get('iss')).toBe(served.issuer);
    expect(answerOf(response).get('state')).toBe('the state of the client');
  });

  it('sends the challenge of the client to the provider unchanged', async () => {
    const { location } = await allow(served, client);

    expect(location.searchParams.get('code_challenge')).toBe(client.challenge);
    expect(location.searchParams.get('code_challenge_method')).toBe('S256');
  });

  it('refuses a verifier that is wrong, absent or malformed, before the provider is asked', async () => {
    const code = await getCode(served, client);
    const good = redemptionOf(served, client, code);
    const { length } = served.standIn.tokenRequests;
    for (const verifier of ['', 'a'.repeat(43), 'short', client.challenge, `${client.verifier} `]) {
      const { status, body } = await askToken(served, { ...good, code_verifier: verifier });

      expect(status).toBe(400);
      expect(body.error).toBe(verifier === '' ? 'invalid_request' : 'invalid_grant');
    }
    expect(served.standIn.tokenRequests).toHaveLength(length);
  });
});

describe('REG-18: a code', () => {
  it('is refused from another client, for another redirect address, twice, raw, altered and late', async () => {
    const code = await getCode(served, client);
    const good = redemptionOf(served, client, code);
    const other = await register(served);
    const { cookie, location } = await allow(served, client);
    const raw = (await signInAtProvider(location)).searchParams.get('code') ?? '';
    const wrong = [
      { ...good, client_id: other.clientId },
      { ...good, redirect_uri: 'http://127.0.0.1:7778/callback' },
      { ...good, redirect_uri: '' },
      { ...good, code: raw },
      { ...good, code: `${code}A` },
      { ...good, code: '' },
      { ...good, code: client.clientId },
    ];
    expect(cookie).toBeTruthy();
    for (const form of wrong)
      expect((await askToken(served, form)).body.error).toBe('invalid_grant');

    expect((await askToken(served, good)).status).toBe(200);
    expect((await askToken(served, good)).body.error).toBe('invalid_grant');
    const late = redemptionOf(served, client, await getCode(served, client));
    later(121);
    expect((await askToken(served, late)).body.error).toBe('invalid_grant');
  });
});

describe('REG-19: the token endpoint', () => {
  it.each([
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'urn:ietf:params:oauth:grant-type:saml2-bearer',
    'urn:ietf:params:oauth:grant-type:token-exchange',
    'urn:ietf:params:oauth:grant-type:device_code',
    'password',
    'implicit',
    '',
  ])('refuses the grant "%s" before a secret is read', async (grant) => {
    let reads = 0;
    const secret = await startServed('plain', {
      clientAuthentication: {
        canChange: true,
        async present() {
          reads += 1;
          return { headers: {}, parameters: {} };
        },
      },
    });
    onTestFinished(secret.stop);
    const { status, body } = await askToken(secret, {
      grant_type: grant,
      client_id: (await register(secret)).clientId,
      assertion: 'a.b.c',
      subject_token: 'a.b.c',
      device_code: 'a',
    });

    expect([status, body.error]).toEqual([400, 'unsupported_grant_type']);
    expect(reads).toBe(0);
    expect(secret.standIn.tokenRequests).toEqual([]);
  });

  it('refuses a secret from a client, in the body and in the header', async () => {
    const good = redemptionOf(served, client, await getCode(served, client));
    const { length } = served.standIn.tokenRequests;
    for (const extra of [
      { client_secret: 'a' },
      { client_secret: '' },
      { client_assertion: 'a.b.c' },
      { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' },
    ]) {
      const form = { ...good, ...extra } as Record<string, string>;
      expect(await askToken(served, form)).toMatchObject({ status: 401 });
    }
    const basic = `Basic ${btoa(`${client.clientId}:`)}`;
    expect(await askToken(served, good, { Authorization: basic })).toMatchObject({ status: 401 });
    expect(served.standIn.tokenRequests).toHaveLength(length);
  });

  it('refuses a refresh token that is raw, of another client, altered, or of another purpose', async () => {
    const tokens = await getTokens(served, client);
    const other = await register(served);
    const good = {
      grant_type: 'refresh_token',
      client_id: client.clientId,
      refresh_token: tokens.refresh_token ?? '',
    };
    const raw = served.standIn.tokenRequests.at(-1)?.get('code') ?? '';
    const wrong = [
      { ...good, client_id: other.clientId },
      { ...good, refresh_token: raw },
      { ...good, refresh_token: `${good.refresh_token}A` },
      { ...good, refresh_token: client.clientId },
      { ...good, refresh_token: tokens.access_token ?? '' },
      { ...good, refresh_token: '' },
    ];
    for (const form of wrong)
      expect((await askToken(served, form)).body.error).toBe('invalid_grant');
    expect((await askToken(served, good)).status).toBe(200);
  });

  it('refuses doubled parameters, other media types and unknown clients', async () => {
    const good = redemptionOf(served, client, await getCode(served, client));
    for (const name of Object.keys(good)) {
      const doubled = new URLSearchParams(good);
      doubled.append(name, good[name] ?? '');
      const { status, body } = await askToken(served, doubled);

      expect([status, body.error]).toEqual([
        400,
        name === 'resource' ? 'invalid_target' : 'invalid_request',
      ]);
    }
    const json = await fetch(`${served.issuer}/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(good),
    });
    expect(json.status).toBe(400);
    expect(await askToken(served, { ...good, client_id: 'the-mcp-server' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });
});
