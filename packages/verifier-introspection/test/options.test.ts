import { detectEnvironment, Secret } from '@sallyport/core';
import { generateKeyPair, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  bearerToken,
  clientSecretBasic,
  clientSecretPost,
  createHybridVerifier,
  createIntrospectionVerifier,
  type IntrospectionVerifierOptions,
  noClientAuthentication,
  privateKeyJwt,
} from '../src/index.ts';
import { answer, goodAnswer, judge, startRogue } from './fixture.ts';

const good = {
  url: 'https://auth.example.com/introspect',
  issuer: 'https://auth.example.com',
  audience: 'https://mcp.example.com/mcp',
  environment: detectEnvironment({}),
  clientAuthentication: noClientAuthentication(),
};

describe('createIntrospectionVerifier', () => {
  it.each([
    ['introspection.issuer', { issuer: '' }],
    ['introspection.issuer', { issuer: '*' }],
    ['introspection.issuer', { issuer: undefined }],
    ['introspection.audience', { audience: undefined }],
    ['introspection.audience', { audience: [] }],
    ['introspection.audience', { audience: ['*'] }],
    ['introspection.audience', { audience: undefined, audienceFromClient: false }],
    ['introspection.audienceFromClient', { audienceFromClient: true }],
    ['introspection.clientAuthentication', { clientAuthentication: undefined }],
    ['introspection.timeoutSeconds', { timeoutSeconds: 0 }],
    ['introspection.timeoutSeconds', { timeoutSeconds: 61 }],
    ['introspection.timeoutSeconds', { timeoutSeconds: Number.NaN }],
    ['introspection.clockToleranceSeconds', { clockToleranceSeconds: 121 }],
    ['introspection.cache.ttlSeconds', { cache: { ttlSeconds: 301 } }],
    ['introspection.cache.ttlSeconds', { cache: { ttlSeconds: -1 } }],
    ['introspection.cache.maximumTokens', { cache: { ttlSeconds: 1, maximumTokens: 0 } }],
    ['introspection.url', { url: 'http://auth.example.com/introspect' }],
    ['introspection.url', { url: 'https://me:secret@auth.example.com/introspect' }],
    ['introspection.url', { url: 'http://localhost/introspect' }],
  ])('refuses a bad %s: %j (CFG-07, CFG-09)', (option, bad) => {
    const options = { ...good, ...bad } as unknown as IntrospectionVerifierOptions;

    expect(() => createIntrospectionVerifier(options)).toThrow(
      expect.objectContaining({ name: 'ConfigError', option }),
    );
  });

  it('takes the good ones', () => {
    expect(createIntrospectionVerifier(good).name).toBe('introspection');
  });
});

it('does not go through a proxy that the environment names (INT-21)', async () => {
  const rogue = await startRogue(answer(goodAnswer()));
  process.env['HTTP_PROXY'] = 'http://127.0.0.1:9';
  process.env['HTTPS_PROXY'] = 'http://127.0.0.1:9';
  try {
    expect(await judge(rogue.create(), 'a')).toBe('verified');
  } finally {
    delete process.env['HTTP_PROXY'];
    delete process.env['HTTPS_PROXY'];
  }
});

describe('client authentication', () => {
  const sent = async (
    clientAuthentication: IntrospectionVerifierOptions['clientAuthentication'],
  ) => {
    const rogue = await startRogue(answer(goodAnswer()));
    await judge(rogue.create({ clientAuthentication }), 'a');
    const { authorization } = rogue.headers[0] ?? {};
    return { authorization, parameters: new URLSearchParams(rogue.bodies[0]) };
  };

  it('by Basic is form-encoded before it is Base64 (INT-19)', async () => {
    const secret = new Secret('s:e%c+r é');
    const { authorization = '', parameters } = await sent(
      clientSecretBasic({ clientId: 'c:1', secret }),
    );
    const text = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();

    expect(text).toBe('c%3A1:s%3Ae%25c%2Br+%C3%A9');
    expect(parameters.get('client_secret')).toBeNull();
  });

  it('by post is in the body', async () => {
    const secret = new Secret('s&e=c');
    const { authorization, parameters } = await sent(clientSecretPost({ clientId: 'c', secret }));

    expect(authorization).toBeUndefined();
    expect([parameters.get('client_id'), parameters.get('client_secret')]).toEqual(['c', 's&e=c']);
  });

  it('by a signed assertion is for the server, and good once', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const audience = 'https://auth.example.com';
    const options = { clientId: 'c', key: privateKey, keyId: 'k', audience } as never;
    const authentication = privateKeyJwt(options);
    const assertions = [
      (await authentication.present(false)).parameters['client_assertion'] ?? '',
      (await authentication.present(false)).parameters['client_assertion'] ?? '',
    ];
    const { payload, protectedHeader } = await jwtVerify(assertions[0] ?? '', publicKey, {
      issuer: 'c',
      subject: 'c',
      audience,
      requiredClaims: ['jti', 'exp'],
    });

    expect(protectedHeader.kid).toBe('k');
    expect(payload.jti).toBeDefined();
    expect(assertions[0]).not.toBe(assertions[1]);
  });

  it('by a token of our own is in the header', async () => {
    const { authorization, parameters } = await sent(bearerToken(new Secret('api-key')));

    expect(authorization).toBe('Bearer api-key');
    expect([...parameters.keys()]).toEqual(['token', 'token_type_hint']);
  });

  it('by nothing sends at most the client id', async () => {
    expect([...(await sent(noClientAuthentication())).parameters.keys()]).toEqual([
      'token',
      'token_type_hint',
    ]);
    expect((await sent(noClientAuthentication('c'))).parameters.get('client_id')).toBe('c');
  });

  it.each([clientSecretBasic, clientSecretPost])('needs a client id', (authenticate) => {
    expect(() => authenticate({ clientId: '', secret: new Secret('s') })).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'clientAuthentication.clientId' }),
    );
  });
});

describe('createHybridVerifier', () => {
  const verifier = (name: string, seen: string[]) => ({
    name,
    async verify(token: string): Promise<never> {
      seen.push(`${name} ${token}`);
      return { subject: name } as never;
    },
  });
  const context = {} as never;

  it.each([
    ['eyJhbGciOiJSUzI1NiJ9.e30.c2ln', 'jwt'],
    ['eyJhbGciOiJSUzI1NiJ9', 'introspection'],
    ['eyJhbGciOiJSUzI1NiJ9.a.b.c.d', 'introspection'],
    ['a.b.c', 'introspection'],
    ['ya29.opaque', 'introspection'],
    ['', 'introspection'],
  ])('gives %j to %s alone', async (token, name) => {
    const seen: string[] = [];
    const hybrid = createHybridVerifier({
      jwt: verifier('jwt', seen),
      introspection: verifier('introspection', seen),
    });
    await hybrid.verify(token, context);

    expect(seen).toEqual([`${name} ${token}`]);
  });

  it('can ask about JWTs that were found good, for revocation', async () => {
    const seen: string[] = [];
    const jwt = verifier('jwt', seen);
    const introspection = verifier('introspection', seen);
    const hybrid = createHybridVerifier({ jwt, introspection, checkRevocation: true });

    expect(await hybrid.verify('eyJ.a.b', context)).toEqual({ subject: 'jwt' });
    expect(seen).toEqual(['jwt eyJ.a.b', 'introspection eyJ.a.b']);
  });

  it('CASE-50: prepares both at the start, and never rejects', async () => {
    const prepared: string[] = [];
    const ready = (name: string) => ({
      ...verifier(name, []),
      async prepare() {
        prepared.push(name);
      },
    });
    const broken = {
      ...verifier('broken', []),
      prepare(): Promise<void> {
        throw new Error('a verifier that breaks the contract');
      },
    };
    const introspection = ready('introspection');
    const plain = verifier('plain', []);

    for (const jwt of [ready('jwt'), plain, broken]) {
      await createHybridVerifier({ jwt, introspection }).prepare?.();
    }
    expect(prepared).toEqual(['jwt', 'introspection', 'introspection', 'introspection']);
  });

  it('needs both', () => {
    const jwt = verifier('jwt', []);
    expect(() => createHybridVerifier({ jwt } as never)).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'hybrid.introspection' }),
    );
  });
});
