import { inspect } from 'node:util';
import { contractNowSeconds, describeTokenVerifier, testContext } from '@sallyport/contract-tests';
import { detectEnvironment } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createStaticVerifier, type StaticVerifierOptions } from '../src/index.ts';

const validToken = 'kX3vQ9-static.token_of~the+suite/1==';
const expiredToken = 'kX3vQ9-static.token_of~the+suite/2==';
const audience = 'http://127.0.0.1:8000/mcp';
const development = { ENVIRONMENT: 'development' };
const validUntilSeconds = contractNowSeconds + 300;

const goodOptions: StaticVerifierOptions = {
  tokens: {
    [validToken]: {
      clientId: 'client-1',
      subject: 'user-1',
      scopes: ['notes:read', 'notes:write'],
      expiresAt: validUntilSeconds,
    },
    [expiredToken]: { clientId: 'client-2', scopes: [], expiresAt: contractNowSeconds },
  },
  audience,
  environment: detectEnvironment(development),
  listenHost: '0.0.0.0',
};

/** One token, and nothing else about it that matters. */
function optionsWithToken(
  token: string,
  changes: Partial<StaticVerifierOptions> = {},
): StaticVerifierOptions {
  return { ...goodOptions, tokens: { [token]: { clientId: 'client', scopes: [] } }, ...changes };
}

describeTokenVerifier({
  create: () => createStaticVerifier(goodOptions),
  upstream: 'none',
  tokens: {
    valid: async () => validToken,
    expired: async () => expiredToken,
    tampered: async () => validToken.replace('/1', '/3'),
    // A list has no words for these: a token is on it or not.
    garbage: async () => 'a-legal-b64token-that-nobody-knows',
    notYetValid: async () => 'a-token-that-is-added-next-week',
    otherIssuer: async () => 'a-token-from-the-list-next-door',
    otherAudience: async () => 'a-token-of-the-server-next-door',
    withoutAudience: async () => 'a-token-of-no-server-at-all',
    senderConstrained: async () => 'a-token-with-a-name-engraved',
  },
  validUntilSeconds,
});

describe('createStaticVerifier', () => {
  it('takes the principal from the list', async () => {
    const principal = await createStaticVerifier(goodOptions).verify(validToken, testContext());

    expect(principal).toEqual({
      issuer: 'urn:sallyport:static',
      subject: 'user-1',
      clientId: 'client-1',
      audience: [audience],
      scopes: new Set(['notes:read', 'notes:write']),
      expiresAt: validUntilSeconds,
      claims: {},
    });
  });

  it('names the configured issuer, and the client where there is no subject', async () => {
    const verifier = createStaticVerifier(
      optionsWithToken(validToken, { issuer: 'https://dev.example.com' }),
    );

    await expect(verifier.verify(validToken, testContext())).resolves.toMatchObject({
      issuer: 'https://dev.example.com',
      subject: 'client',
      clientId: 'client',
    });
  });

  it.each([0, 86_400_000])('gives a token without an end another hour, %i s on', async (later) => {
    const nowSeconds = contractNowSeconds + later;
    const verifier = createStaticVerifier(optionsWithToken(validToken));
    const { expiresAt } = await verifier.verify(validToken, testContext({ nowSeconds }));

    expect(expiresAt).toBe(nowSeconds + 3_600);
  });

  it.each([
    [validUntilSeconds - 1, 'fulfilled'],
    [validUntilSeconds, 'rejected'],
  ])('ends a token at its expiresAt: at %i it is %s', async (nowSeconds, status) => {
    const verifier = createStaticVerifier(goodOptions);
    const [outcome] = await Promise.allSettled([
      verifier.verify(validToken, testContext({ nowSeconds })),
    ]);

    expect(outcome).toMatchObject(
      status === 'rejected' ? { status, reason: { code: 'token_expired' } } : { status },
    );
  });

  it.each([
    ['the first token', validToken, 'client-1'],
    ['a token in the middle', 'another-token-of-the-list', 'client-3'],
    ['the last token', 'the-last-token-of-the-list', 'client-4'],
  ])('knows %s of several (CFG-11)', async (_name, token, clientId) => {
    const tokens = {
      ...goodOptions.tokens,
      'another-token-of-the-list': { clientId: 'client-3', scopes: [] },
      'the-last-token-of-the-list': { clientId: 'client-4', scopes: [] },
    };
    const principal = await createStaticVerifier({ ...goodOptions, tokens }).verify(
      token,
      testContext(),
    );

    expect(principal.clientId).toBe(clientId);
  });

  it('does not see what becomes of its options', async () => {
    const scopes = ['notes:read'];
    const tokens = { [validToken]: { clientId: 'client', scopes } };
    const verifier = createStaticVerifier({ ...goodOptions, tokens });
    scopes.push('admin');

    await expect(verifier.verify(validToken, testContext())).resolves.toMatchObject({
      scopes: new Set(['notes:read']),
    });
  });

  it('holds digests and no tokens', () => {
    const verifier = createStaticVerifier(goodOptions);

    expect(inspect(verifier, { depth: null, showHidden: true })).not.toContain(validToken);
  });
});

describe('createStaticVerifier in production', () => {
  it.each<[string, Record<string, string>, string]>([
    ['ENVIRONMENT is unset', {}, 'ENVIRONMENT'],
    ['ENVIRONMENT is production', { ENVIRONMENT: 'production' }, 'ENVIRONMENT'],
    ['on Cloud Run', { ...development, K_SERVICE: 'mcp' }, 'K_SERVICE'],
    ['in a job', { ...development, CLOUD_RUN_JOB: 'mcp' }, 'CLOUD_RUN_JOB'],
    [
      'on Kubernetes',
      { ...development, KUBERNETES_SERVICE_HOST: '::1' },
      'KUBERNETES_SERVICE_HOST',
    ],
    ['NODE_ENV is production', { ...development, NODE_ENV: 'production' }, 'NODE_ENV=production'],
    [
      'there are two signs',
      { K_SERVICE: 'a', K_REVISION: 'b' },
      'ENVIRONMENT, K_SERVICE, K_REVISION',
    ],
  ])('refuses to start: %s (CFG-03, CFG-12)', (_case, variables, reason) => {
    const environment = detectEnvironment(variables);
    const create = () =>
      createStaticVerifier({ ...goodOptions, environment, listenHost: '127.0.0.1' });

    expect(create).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        option: 'static.environment',
        message: expect.stringContaining(`according to ${reason}: `),
      }),
    );
  });

  it('starts in a test', () => {
    const environment = detectEnvironment({ ENVIRONMENT: 'test' });

    expect(createStaticVerifier({ ...goodOptions, environment }).name).toBe('static');
  });
});

describe('README', () => {
  it('shows what it says', async () => {
    const { principal } = await import('./readme.ts');

    expect(principal).toMatchObject({ clientId: 'dev-user', scopes: new Set(['notes:read']) });
  });
});
