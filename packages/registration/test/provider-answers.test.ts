/** What the provider answers: failures, ID tokens and words that no client sees. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAttacked } from './attacked.ts';
import {
  allow,
  answerOf,
  askToken,
  callback,
  getCode,
  getTokens,
  post,
  redemptionOf,
  register,
  signInAtProvider,
} from './raw-flow.ts';
import { startServed } from './served.ts';

const { served, client, advance } = await startAttacked();

describe('REG-22: keys, instances, floods and the provider', () => {
  it('answers a slow provider with 503, and not more than 32 of one address wait for it', async () => {
    const slow = await startServed('plain');
    onTestFinished(slow.stop);
    const caller = await register(slow);
    const tokens = await getTokens(slow, caller);
    const form = {
      grant_type: 'refresh_token',
      client_id: caller.clientId,
      refresh_token: tokens.refresh_token ?? '',
    };
    let release = () => {};
    slow.standIn.delayTokens(
      new Promise((resolve) => {
        release = resolve;
      }),
    );
    const answers: unknown[] = [];
    const waiting = Array.from({ length: 35 }, async () =>
      answers.push(await askToken(slow, form)),
    );
    await expect.poll(() => answers.length).toBe(3);
    release();
    await Promise.all(waiting);
    for (const answer of answers.slice(0, 3)) {
      expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    }
  });

  it.each([
    ['redirects', 302, '', { Location: 'https://evil.example/token' }],
    ['fails', 500, '{"error":"server_error"}', {}],
    ['does not take the request', 400, '{"error":"invalid_request"}', {}],
    ['refuses without a word', 400, '{"error":7}', {}],
    ['is no JSON', 200, '<html>', { 'Content-Type': 'text/html' }],
    ['issues no token', 200, '{"token_type":"Bearer"}', {}],
    ['issues a bound token', 200, '{"access_token":"a","token_type":"DPoP"}', {}],
    [
      'says a member twice',
      200,
      '{"access_token":"a","access_token":"b","token_type":"Bearer"}',
      {},
    ],
    ['refuses this server', 401, '{"error":"invalid_client"}', {}],
    ['is too large', 200, `"${'a'.repeat(300_000)}"`, {}],
  ])('answers 503 when the provider %s', async (_name, status, body, headers) => {
    // The same failure is reported once in ten seconds.
    advance(11);
    const good = redemptionOf(served, client, await getCode(served, client));
    served.standIn.answerTokenRequest(status, body, headers as Record<string, string>);
    served.events.length = 0;
    const answer = await askToken(served, good);

    expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    const types = served.events.map(({ type }) => type);
    expect(types).toEqual([status === 401 ? 'credentials_refused' : 'sign_in_failed']);
  });

  it('passes on no ID token, and nothing else that it does not know', async () => {
    const good = redemptionOf(served, client, await getCode(served, client));
    const body = {
      access_token: 'the-access-token',
      token_type: 'bearer',
      expires_in: 3_599,
      id_token: 'eyJ.the.id-token',
      refresh_token: 'the-raw-refresh-token',
      scope: 'openid notes:read offline_access',
      foci: '1',
    };
    served.standIn.answerTokenRequest(200, JSON.stringify(body));
    const answer = await askToken(served, good);

    expect(Object.keys(answer.body).toSorted()).toEqual([
      'access_token',
      'expires_in',
      'refresh_token',
      'scope',
      'token_type',
    ]);
    expect(answer.body).toMatchObject({ access_token: 'the-access-token', scope: 'notes:read' });
    expect(answer.body.refresh_token).not.toContain('the-raw-refresh-token');
  });

  it('passes on that the provider ended the sign-in, and none of its words', async () => {
    for (const error of ['invalid_grant', 'invalid_scope']) {
      const good = redemptionOf(served, client, await getCode(served, client));
      const words = { error, error_description: 'AADSTS70000: a secret reason' };
      served.standIn.answerTokenRequest(400, JSON.stringify(words));
      const answer = await askToken(served, good);

      expect(answer).toMatchObject({ status: 400, body: { error } });
      expect(JSON.stringify(answer.body)).not.toContain('secret reason');
    }
  });

  it('keeps the refresh token where the provider sends no other one', async () => {
    const tokens = await getTokens(served, client);
    served.standIn.answerTokenRequest(200, '{"access_token":"another","token_type":"Bearer"}');
    const answer = await askToken(served, {
      grant_type: 'refresh_token',
      client_id: client.clientId,
      refresh_token: tokens.refresh_token ?? '',
    });

    expect(answer.body).toMatchObject({ access_token: 'another' });
    expect(answer.body.refresh_token).toEqual(expect.any(String));
  });

  it('tells the client that the provider sent no code, or too long a one', async () => {
    for (const code of ['', `&code=${'c'.repeat(8_193)}`]) {
      const { location, cookie } = await allow(served, client);
      const state = location.searchParams.get('state') ?? '';
      const url = new URL(`${served.issuer}/callback?${new URLSearchParams({ state })}${code}`);
      const answer = answerOf(await callback(url, cookie));

      expect(answer.get('error')).toBe('server_error');
      expect(answer.get('iss')).toBe(served.issuer);
    }
  });

  it('tells the client that the person said no at the provider, and none of its words', async () => {
    const refusing = await startServed('plain');
    onTestFinished(refusing.stop);
    refusing.standIn.refuse(true);
    const { location, cookie } = await allow(refusing, await register(refusing));
    const answer = answerOf(await callback(await signInAtProvider(location), cookie));

    expect(answer.get('error')).toBe('access_denied');
    expect(answer.get('iss')).toBe(refusing.issuer);
    expect(String(answer)).not.toContain('secret');
  });

  it('reports refusals of strangers once in ten seconds, without a byte of what they sent', async () => {
    const quiet = await startServed('plain');
    onTestFinished(quiet.stop);
    for (let index = 0; index < 20; index += 1) {
      await post(`${quiet.issuer}/token`, { grant_type: `a-stranger-${index}` });
    }
    expect(quiet.events.filter(({ type }) => type.startsWith('sign_in'))).toEqual([
      {
        type: 'sign_in_refused',
        step: 'token',
        error: 'unsupported_grant_type',
        detail: 'Only authorization_code and refresh_token',
      },
    ]);
  });
});
