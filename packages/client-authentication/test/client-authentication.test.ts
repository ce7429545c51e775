import { inspect } from 'node:util';
import { Secret } from '@sallyport/core';
import { generateKeyPair, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  bearerToken,
  clientSecretBasic,
  clientSecretPost,
  isClientRefused,
  noClientAuthentication,
  privateKeyJwt,
} from '../src/index.ts';

const clientId = 'notes:server';
const secret = new Secret('p:% é+&=');

describe('client authentication', () => {
  it('encodes both parts of HTTP Basic before it joins them', async () => {
    const { headers, parameters } = await clientSecretBasic({ clientId, secret }).present(false);
    const [scheme, value = ''] = (headers['authorization'] ?? '').split(' ');

    expect(scheme).toBe('Basic');
    expect(
      atob(value)
        .split(':')
        .map((part) => new URLSearchParams(`v=${part}`).get('v')),
    ).toEqual([clientId, secret.reveal()]);
    expect(parameters).toEqual({});
  });

  it('leaves as it is what needs no encoding, for servers that do not decode', async () => {
    const id = '1b4e28ba-2fa1-11d2-883f-0016d3cca427_notes.server*';
    const { headers } = await clientSecretBasic({
      clientId: id,
      secret: new Secret('a-b_c.d'),
    }).present(false);

    expect(atob((headers['authorization'] ?? '').slice(6))).toBe(`${id}:a-b_c.d`);
  });

  it('puts both into the body', async () => {
    expect(await clientSecretPost({ clientId, secret }).present(false)).toEqual({
      headers: {},
      parameters: { client_id: clientId, client_secret: secret.reveal() },
    });
  });

  it('signs an assertion anew for every request', async () => {
    const { privateKey: key, publicKey } = await generateKeyPair('ES256');
    const audience = 'https://auth.example.com';
    const authentication = privateKeyJwt({ clientId, key, keyId: 'k1', audience });
    const assertions = await Promise.all(
      [1, 2].map(async () => {
        const { parameters } = await authentication.present(false);
        expect(parameters['client_assertion_type']).toBe(
          'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        );
        return jwtVerify(parameters['client_assertion'] ?? '', publicKey, {
          audience,
          issuer: clientId,
          subject: clientId,
        });
      }),
    );

    expect(assertions[0]?.protectedHeader.kid).toBe('k1');
    expect(assertions[0]?.payload.jti).not.toBe(assertions[1]?.payload.jti);
  });

  it('sends a token of its own, or nothing', async () => {
    expect(await bearerToken(new Secret('api-key')).present(false)).toEqual({
      headers: { Authorization: 'Bearer api-key' },
      parameters: {},
    });
    expect(await noClientAuthentication().present(false)).toEqual({ headers: {}, parameters: {} });
    expect((await noClientAuthentication('me').present(false)).parameters).toEqual({
      client_id: 'me',
    });
  });

  it('asks for another secret when one was refused, where there can be another', async () => {
    const asked: boolean[] = [];
    const source = ({ isRefused }: { isRefused: boolean }) => {
      asked.push(isRefused);
      return secret;
    };
    const authentication = clientSecretPost({ clientId, secret: source });
    await authentication.present(false);
    await authentication.present(true);

    expect(asked).toEqual([false, true]);
    expect(authentication.canChange).toBe(true);
    expect(clientSecretPost({ clientId, secret }).canChange).toBe(false);
    expect(bearerToken(source).canChange).toBe(true);
  });

  it('shows no secret of its own', () => {
    const shown = [
      clientSecretBasic({ clientId, secret }),
      bearerToken(new Secret('xé+&=y'.replace('é', 'e'))),
    ]
      .map((one) => inspect(one, { depth: 9, showHidden: true }) + JSON.stringify(one))
      .join('');

    expect(shown).not.toMatch(/[eé]\+&=/);
  });

  it.each([clientSecretBasic, clientSecretPost])('wants to know who it is', (create) => {
    expect(() => create({ clientId: '', secret })).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'clientAuthentication.clientId' }),
    );
  });

  it.each(['', 'two words', 'a\nb', 'schlüssel', '-----BEGIN\nKEY'])(
    'takes no bearer token that no header can have, and does not repeat it: %j',
    async (text) => {
      const refusal = expect.objectContaining({
        name: 'ConfigError',
        option: 'clientAuthentication.secret',
        message: expect.not.stringContaining(text || 'undefined'),
      });

      expect(() => bearerToken(new Secret(text))).toThrow(refusal);
      await expect(bearerToken(() => new Secret(text)).present(false)).rejects.toThrow(refusal);
    },
  );

  it.each([clientSecretBasic, clientSecretPost])('takes no empty secret', async (create) => {
    const refusal = expect.objectContaining({ option: 'clientAuthentication.secret' });
    const empty = new Secret('');

    expect(() => create({ clientId, secret: empty })).toThrow(refusal);
    await expect(create({ clientId, secret: () => empty }).present(false)).rejects.toThrow(refusal);
  });

  it('waits ten seconds for a secret, and no longer', { timeout: 20_000 }, async () => {
    const authentication = clientSecretPost({ clientId, secret: () => new Promise(() => {}) });

    await expect(authentication.present(false)).rejects.toThrow('did not come within 10000 ms');
  });
});

it.each<[boolean, number, unknown]>([
  [true, 401, undefined],
  [true, 401, { error: 'invalid_token' }],
  [true, 400, { error: 'invalid_client' }],
  [true, 403, { error: 'invalid_client' }],
  [false, 200, { error: 'invalid_client' }],
  [false, 400, { error: 'invalid_grant' }],
  [false, 400, { error: ['invalid_client'] }],
  [false, 400, null],
  [false, 400, 'invalid_client'],
  [false, 403, undefined],
])('CASE-61: says %s of whether %i %j refuses our credentials', (isRefused, status, json) => {
  expect(isClientRefused({ status, json })).toBe(isRefused);
});
