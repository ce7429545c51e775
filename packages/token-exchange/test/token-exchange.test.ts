import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { clientSecretBasic } from '@sallyport/client-authentication';
import { detectEnvironment, Secret } from '@sallyport/core';
import { startFaultProxy } from '@sallyport/testing';
import { createJwtVerifier, discoverJwks } from '@sallyport/verifier-jwt';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  createTokenExchange,
  TokenExchangeError,
  type TokenExchangeOptions,
} from '../src/index.ts';
import {
  clientSecret,
  crm,
  type ExchangeServer,
  ledger,
  notes,
  startExchangeServer,
} from './exchange-server.ts';

const environment = detectEnvironment({ ENVIRONMENT: 'test' });
const { signal } = new AbortController();
const far = 4_000_000_000;
let server: ExchangeServer;

beforeAll(async () => {
  server = await startExchangeServer();
});
afterAll(() => server.stop());

function createExchange(options: Partial<TokenExchangeOptions> = {}) {
  const exchange = createTokenExchange({
    url: server.url,
    environment,
    clientAuthentication: clientSecretBasic({
      clientId: 'notes-server',
      secret: new Secret(clientSecret),
    }),
    targets: {
      crm: { resource: crm, scopes: ['contacts:read'] },
      ledger: { resource: ledger },
      payroll: { resource: 'https://payroll.example.com' },
    },
    ...options,
  });
  onTestFinished(() => exchange.close?.());
  return exchange;
}

/** An endpoint that refuses the credentials once, without a word of OAuth, and then takes them. */
async function startRefusal(
  afterMs = 0,
  refusal: { status: number; body: string; type?: string } = { status: 401, body: '{}' },
) {
  const upstream = {
    access_token: 'upstream-token',
    token_type: 'Bearer',
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  };
  let asked = 0;
  const http = createServer((_request, response) => {
    asked += 1;
    const isFirst = asked === 1;
    setTimeout(() => {
      const type = isFirst ? (refusal.type ?? 'application/json') : 'application/json';
      response.writeHead(isFirst ? refusal.status : 200, { 'Content-Type': type });
      response.end(isFirst ? refusal.body : JSON.stringify(upstream));
    }, afterMs);
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/token`, asked: () => asked };
}

const codeOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 'a token',
    (error: unknown) => (error instanceof TokenExchangeError ? error.code : String(error)),
  );

/** What stands at the upstream API, and at the notes server. */
function createGateOf(audience: string) {
  const verifier = createJwtVerifier({
    issuer: server.issuer,
    audience,
    algorithms: ['ES256'],
    keys: discoverJwks({ issuer: server.issuer, environment }),
  });
  onTestFinished(() => verifier.close?.());
  return async (token: string) => {
    const nowSeconds = Math.floor(Date.now() / 1_000);
    return verifier.verify(token, { nowSeconds, signal, allowRemote: true });
  };
}

describe('a token that was exchanged (MCP-01)', () => {
  it("opens the upstream API, which the caller's own does not", async () => {
    const given = await server.issueToken();
    const upstream = createGateOf(crm);
    const { token, scopes, expiresAt } = await createExchange().exchange(new Secret(given), 'crm', {
      expiresAt: far,
      signal,
    });

    await expect(upstream(given)).rejects.toMatchObject({ code: 'token_audience_mismatch' });
    await expect(upstream(token.reveal())).resolves.toMatchObject({ subject: 'alice' });
    await expect(createGateOf(notes)(token.reveal())).rejects.toMatchObject({
      code: 'token_audience_mismatch',
    });
    expect([...scopes]).toEqual(['contacts:read']);
    expect(expiresAt).toBeGreaterThan(Date.now() / 1_000 + 250);
  });

  it('is asked for once, however many calls need it at the same time', async () => {
    const given = new Secret(await server.issueToken());
    const exchange = createExchange();
    const before = server.asked();
    const tokens = await Promise.all(
      Array.from({ length: 1_000 }, () =>
        exchange.exchange(given, 'crm', { expiresAt: far, signal }),
      ),
    );
    await exchange.exchange(given, 'crm', { expiresAt: far, signal });

    expect(new Set(tokens).size).toBe(1);
    expect(server.asked() - before).toBe(1);
  });

  it('is kept no longer than either token is good, and never for another caller', async () => {
    let now = Date.now();
    const exchange = createExchange({ now: () => now });
    const first = new Secret(await server.issueToken());
    const ask = async (subjectToken: Secret, expiresAt = far) => {
      const before = server.asked();
      await exchange.exchange(subjectToken, 'crm', { expiresAt, signal });
      return server.asked() - before;
    };

    expect(await ask(first)).toBe(1);
    expect(await ask(first)).toBe(0);
    expect(await ask(new Secret(await server.issueToken(3_601)))).toBe(1);
    now += 271_000;
    expect(await ask(first)).toBe(1);
    const short = new Secret(await server.issueToken(3_602));
    expect(await ask(short, Math.floor(now / 1_000) + 10)).toBe(1);
    expect(await ask(short)).toBe(0);
    now += 11_000;
    expect(await ask(short)).toBe(1);
  });

  it('opens that API and no other, whichever was asked for first', async () => {
    const exchange = createExchange();
    const audienceOf = async (given: Secret, name: string) => {
      const { token } = await exchange.exchange(given, name, { expiresAt: far, signal });
      const upstream = createGateOf(name === 'crm' ? crm : ledger);
      return (await upstream(token.reveal())).audience;
    };
    const one = new Secret(await server.issueToken());
    expect(await audienceOf(one, 'crm')).toEqual([crm]);
    expect(await audienceOf(one, 'ledger')).toEqual([ledger]);
    const another = new Secret(await server.issueToken(3_604));

    expect(await Promise.all([audienceOf(another, 'ledger'), audienceOf(another, 'crm')])).toEqual([
      [ledger],
      [crm],
    ]);
  });

  it('is asked for each time where nothing is kept', async () => {
    const exchange = createExchange({ cache: { maximumTokens: 0 } });
    const given = new Secret(await server.issueToken());
    const before = server.asked();
    for (let call = 0; call < 2; call += 1) {
      await exchange.exchange(given, 'crm', { expiresAt: far, signal });
    }

    expect(server.asked() - before).toBe(2);
  });
});

describe('no token', () => {
  const context = { expiresAt: far, signal };

  it('for an API that was not declared, whatever it is called', async () => {
    const given = new Secret(await server.issueToken());
    const before = server.asked();

    for (const name of ['https://graph.example.com', 'toString', '__proto__', '']) {
      expect(await codeOf(createExchange().exchange(given, name, context))).toBe('target_unknown');
    }
    expect(server.asked()).toBe(before);
  });

  it('for what the authorization server refuses, with the reason', async () => {
    const given = new Secret(await server.issueToken());
    const wrongSecret = clientSecretBasic({
      clientId: 'notes-server',
      secret: new Secret('wrong'),
    });

    expect(await codeOf(createExchange().exchange(given, 'payroll', context))).toBe(
      'target_refused',
    );
    expect(await codeOf(createExchange().exchange(new Secret('not-a-token'), 'crm', context))).toBe(
      'subject_token_refused',
    );
    expect(
      await codeOf(
        createExchange({ clientAuthentication: wrongSecret }).exchange(given, 'crm', context),
      ),
    ).toBe('credentials_refused');
  });

  it('once more with a client secret that was just replaced', async () => {
    const secrets = [new Secret('the old one'), new Secret(clientSecret)];
    const clientAuthentication = clientSecretBasic({
      clientId: 'notes-server',
      secret: ({ isRefused }) => secrets[isRefused ? 1 : 0] as Secret,
    });
    const given = new Secret(await server.issueToken());

    expect(
      await codeOf(createExchange({ clientAuthentication }).exchange(given, 'crm', context)),
    ).toBe('a token');
  });

  it.each([
    { status: 400, body: '{"error":"invalid_client"}' },
    { status: 403, body: '{"error":"invalid_client"}' },
    { status: 401, body: '{"error":"invalid_client"}' },
    { status: 401, body: '<html>', type: 'text/html' },
  ])('CASE-61: once more with the secret in force after $status $body', async (refusal) => {
    const { url, asked } = await startRefusal(0, refusal);
    const isRefused: boolean[] = [];
    const clientAuthentication = clientSecretBasic({
      clientId: 'notes-server',
      secret: (question) => {
        isRefused.push(question.isRefused);
        return new Secret(clientSecret);
      },
    });
    const given = new Secret(await server.issueToken());
    const exchange = createExchange({ url, clientAuthentication });

    expect(await codeOf(exchange.exchange(given, 'crm', context))).toBe('a token');
    expect([asked(), isRefused]).toEqual([2, [false, true]]);
  });

  it.each(['invalid_grant', 'invalid_request', 'unauthorized_client', 'invalid_target'])(
    'CASE-61: not once more after 400 %s',
    async (error) => {
      const { url, asked } = await startRefusal(0, {
        status: 400,
        body: JSON.stringify({ error }),
      });
      const clientAuthentication = clientSecretBasic({
        clientId: 'notes-server',
        secret: () => new Secret(clientSecret),
      });
      const given = new Secret(await server.issueToken());
      const exchange = createExchange({ url, clientAuthentication });

      expect(await codeOf(exchange.exchange(given, 'crm', context))).toMatch(/_refused$/);
      expect(asked()).toBe(1);
    },
  );

  it('once more with a client secret that cannot have been replaced', async () => {
    const { url, asked } = await startRefusal();
    const given = new Secret(await server.issueToken());

    expect(await codeOf(createExchange({ url }).exchange(given, 'crm', context))).toBe(
      'credentials_refused',
    );
    expect(asked()).toBe(1);
  });

  it('later than it may take, however often the server is asked', async () => {
    const { url } = await startRefusal(700);
    const clientAuthentication = clientSecretBasic({
      clientId: 'notes-server',
      secret: () => new Secret(clientSecret),
    });
    const exchange = createExchange({ url, clientAuthentication, timeoutSeconds: 1 });
    const given = new Secret(await server.issueToken());

    await expect(exchange.exchange(given, 'crm', context)).rejects.toMatchObject({
      code: 'upstream_unavailable',
      detail: 'no answer within 1 s',
    });
  });

  it('while the secret does not come, and one again when it does', async () => {
    const secrets = [new Promise<never>(() => {}), new Secret(clientSecret)];
    const clientAuthentication = clientSecretBasic({
      clientId: 'notes-server',
      secret: () => secrets.shift() as Secret,
    });
    const exchange = createExchange({ clientAuthentication, timeoutSeconds: 3 });
    const given = new Secret(await server.issueToken());

    expect(await codeOf(exchange.exchange(given, 'crm', context))).toBe('upstream_unavailable');
    expect(await codeOf(exchange.exchange(given, 'crm', context))).toBe('a token');
  });

  it.each(['refuse', 'reset', 'black-hole'] as const)(
    'while the authorization server is away (%s), and one again when it is back',
    async (kind) => {
      const { hostname: host, port } = new URL(server.url);
      const proxy = await startFaultProxy({ target: { host, port: Number(port) } });
      onTestFinished(() => proxy.stop());
      const exchange = createExchange({
        url: `http://127.0.0.1:${proxy.port}/token`,
        timeoutSeconds: 3,
      });
      const given = new Secret(await server.issueToken());
      await proxy.fault({ kind });
      expect(await codeOf(exchange.exchange(given, 'crm', context))).toBe('upstream_unavailable');
      await proxy.fault({ kind: 'none' });

      expect(await codeOf(exchange.exchange(given, 'crm', context))).toBe('a token');
    },
  );

  it('to whoever has gone, while the others get theirs', async () => {
    const exchange = createExchange();
    const given = new Secret(await server.issueToken());
    const abort = new AbortController();
    const gone = exchange.exchange(given, 'crm', { expiresAt: far, signal: abort.signal });
    const stays = exchange.exchange(given, 'crm', context);
    abort.abort();

    expect(await codeOf(gone)).toBe('upstream_unavailable');
    expect(await codeOf(stays)).toBe('a token');
    const late = { expiresAt: far, signal: abort.signal };
    const another = new Secret(await server.issueToken(3_700));
    expect(await codeOf(exchange.exchange(another, 'crm', late))).toBe('upstream_unavailable');
  });

  it('and no piece of a token or secret in what it says of it (OPS-05)', async () => {
    const given = await server.issueToken();
    const exchange = createExchange();
    const upstream = await exchange.exchange(new Secret(given), 'crm', context);
    const refused = await exchange
      .exchange(new Secret(`${given}x`), 'crm', context)
      .catch((error: unknown) => error);
    const shown = [upstream, refused, exchange]
      .flatMap((value) => [inspect(value, { depth: 9 }), JSON.stringify(value), String(value)])
      .join('\n');

    for (const secret of [given, upstream.token.reveal(), clientSecret]) {
      expect(shown).not.toContain(secret.slice(-20, -4));
    }
  });
});

describe('createTokenExchange', () => {
  it.each<[string, Partial<TokenExchangeOptions>]>([
    ['exchange.targets', { targets: {} }],
    ['exchange.targets.crm', { targets: { crm: {} } }],
    ['exchange.targets.crm', { targets: { crm: { resource: '/relative' } } }],
    ['exchange.targets.crm', { targets: { crm: { resource: 'https://a.example#x' } } }],
    ['exchange.targets.crm', { targets: { crm: { audience: '' } } }],
    ['exchange.targets.crm', { targets: { crm: { audience: 'crm', scopes: ['two words'] } } }],
    ['exchange.timeoutSeconds', { timeoutSeconds: 0 }],
    ['exchange.cache.maximumTokens', { cache: { maximumTokens: 0.5 } }],
    ['exchange.url', { url: 'http://auth.example.com/token' }],
  ])('refuses to start with a bad %s', (option, overrides) => {
    expect(() => createExchange(overrides)).toThrow(
      expect.objectContaining({ name: 'ConfigError', option }),
    );
  });
});
