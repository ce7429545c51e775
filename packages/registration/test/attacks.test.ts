/** Each attack of the threat catalogue, against real servers: what is refused, and that nothing leaks from it. */
import { Secret } from '@sallyport/core';
import { general } from '@sallyport/registration';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { production, signInWith } from './in-process.ts';
import {
  allow,
  answerOf,
  answerPage,
  askToken,
  callback,
  claudeAddress,
  cookieIn,
  getCode,
  getTokens,
  loopbackAddress,
  openPage,
  post,
  type RawClient,
  redemptionOf,
  register,
  registerRaw,
  requestOf,
  secretsSeen,
  signInAtProvider,
  ticketIn,
} from './raw-flow.ts';
import { type Served, sealingKey, startServed } from './served.ts';

const provider = {
  issuer: 'https://auth.example.com',
  authorizationEndpoint: 'https://auth.example.com/authorize',
  tokenEndpoint: 'https://auth.example.com/token',
};
let served: Served;
let client: RawClient;
let clock = 0;
const now = () => Date.now() + clock;
beforeAll(async () => {
  served = await startServed('sends iss', { now });
  client = await register(served);
});
afterAll(async () => {
  await served?.stop();
  // Leak watch does not know codes, tickets, cookies and sealed values.
  const reported = JSON.stringify([served?.events, served?.refusals]);
  const found = [...secretsSeen].filter((secret) => reported.includes(secret.slice(0, 16)));
  expect(found).toEqual([]);
  expect(secretsSeen.size).toBeGreaterThan(100);
});

/** The page says why, and the browser goes nowhere. */
async function expectErrorPage(response: Response, status = 400): Promise<string> {
  expect(response.status).toBe(status);
  expect(response.headers.get('Location')).toBeNull();
  expect(response.headers.get('Referrer-Policy')).toBe('no-referrer');
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  const html = await response.text();
  expect(html).toContain('<h1>');
  return html;
}

/** Runs a test that ends with another clock. */
function later(seconds: number): void {
  clock = seconds * 1_000;
  onTestFinished(() => {
    clock = 0;
  });
}

describe("REG-01, REG-11: a stranger's link", () => {
  it('shows the page to a person who said yes before, and sets no cookie', async () => {
    const { cookie } = await allow(served, client);
    const page = await openPage(served, requestOf(served, client), { Cookie: cookie });

    expect(page.status).toBe(200);
    expect(page.headers.getSetCookie()).toEqual([]);
    expect(await page.text()).toContain(loopbackAddress);
  });

  it('ends at the callback when the stranger said yes in his own browser', async () => {
    const stranger = await allow(served, client);
    const atVictim = await signInAtProvider(stranger.location);

    await expectErrorPage(await callback(atVictim));
    await expectErrorPage(await callback(atVictim, (await allow(served, client)).cookie));
  });
});

it('REG-12: a link straight to the provider with the client id of this server ends at the callback', async () => {
  const { location } = await allow(served, client);
  for (const state of [undefined, 'a state of the stranger']) {
    const straight = new URL(location);
    straight.searchParams.delete('state');
    if (state !== undefined) straight.searchParams.set('state', state);
    const html = await expectErrorPage(await callback(await signInAtProvider(straight)));

    expect(html).toContain('did not begin here');
  }
});

it('REG-13: the address of the provider, captured after the consent, is of no use in another browser', async () => {
  const attacker = await allow(served, client);
  const victim = await allow(served, client);
  const answered = await signInAtProvider(attacker.location);
  const swapped = victim.cookie.replace(/=.*/s, '') + attacker.cookie.replace(/^[^=]*/s, '');

  for (const cookie of [
    undefined,
    victim.cookie,
    swapped,
    `${attacker.cookie}; ${attacker.cookie}x`,
  ]) {
    await expectErrorPage(await callback(answered, cookie));
  }
  // The browser that said yes gets its code.
  expect(answerOf(await callback(answered, attacker.cookie)).get('code')).toBeTruthy();
});

describe('REG-14: consent', () => {
  const openTicket = async () =>
    ticketIn(await (await openPage(served, requestOf(served, client))).text());

  it.each([
    ['another page', { Origin: 'https://evil.example' }],
    ['a page without an origin', { Origin: 'null' }],
    ['a page of another port', { Origin: 'http://localhost:1' }],
    ['an unknown page', {}],
    ['another site, without Origin', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a sibling host', { 'Sec-Fetch-Site': 'same-site' }],
  ])('is refused when %s sends the form', async (_name, headers) => {
    const response = await answerPage(served, await openTicket(), 'allow', headers as never);

    expect(response.headers.getSetCookie()).toEqual([]);
    await expectErrorPage(response, 403);
  });

  it('is refused when the ticket is forged, altered, missing, of another purpose, or expired', async () => {
    const ticket = await openTicket();
    const middle = Math.floor(ticket.length / 2);
    const flipped = ticket[middle] === 'A' ? 'B' : 'A';
    const state = (await allow(served, client)).location.searchParams.get('state') ?? '';
    const altered = ticket.slice(0, middle) + flipped + ticket.slice(middle + 1);
    for (const each of ['', 'a', 'a.b.c.d.e', altered, state, client.clientId]) {
      await expectErrorPage(await answerPage(served, each));
    }
    await expectErrorPage(await answerPage(served, ticket, 'perhaps'));
    later(601);
    await expectErrorPage(await answerPage(served, ticket));
  });

  it('cannot be framed, and its page runs nothing', async () => {
    const { headers } = await openPage(served, requestOf(served, client));
    const policy = headers.get('Content-Security-Policy') ?? '';

    expect(headers.get('X-Frame-Options')).toBe('DENY');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action /);
    expect(policy).not.toContain('unsafe');
  });

  it('cannot be replayed: the cookie of one answer does not fit another', async () => {
    const ticket = await openTicket();
    const [first, second] = [await answerPage(served, ticket), await answerPage(served, ticket)];
    const url = await signInAtProvider(new URL(first.headers.get('Location') ?? ''));

    expect(cookieIn(first)).not.toBe(cookieIn(second));
    await expectErrorPage(await callback(url, cookieIn(second)));
  });

  it('cannot be fixated: the cookie is for this host alone, and new with every yes', async () => {
    const signIn = general({ clientId: 'a', sealingKey, ...provider });
    const {
      gated,
      register: registerThere,
      allow: allowThere,
    } = await signInWith(signIn, production);
    onTestFinished(gated.close);
    const id = await registerThere();
    const cookieOf = async () =>
      (await allowThere(id, 'notes:read')).headers.get('Set-Cookie') ?? '';
    const [first, second] = [await cookieOf(), await cookieOf()];

    expect(first).toMatch(
      /^__Host-sallyport-[\w-]{22}=[\w-]{22}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(first.split('=', 1)).not.toEqual(second.split('=', 1));
  });

  it('of two flows at once ends each with its own cookie', async () => {
    const [one, two] = [await allow(served, client), await allow(served, client)];
    const both = `${one.cookie}; ${two.cookie}`;
    for (const { location } of [two, one]) {
      const response = await callback(await signInAtProvider(location), both);

      expect(answerOf(response).get('code')).toBeTruthy();
      expect(answerOf(response).get('iss')).toBe(served.issuer);
    }
  });
});

describe('REG-15: the state', () => {
  const finish = async () => {
    const allowed = await allow(served, client);
    return { ...allowed, url: await signInAtProvider(allowed.location) };
  };

  it('is refused when it is altered, of another purpose, doubled or missing', async () => {
    const { url, cookie } = await finish();
    const state = url.searchParams.get('state') ?? '';
    const code = await getCode(served, client);
    const changed = [
      state.slice(0, -2),
      `${state}A`,
      code,
      client.clientId,
      state.replace('..', '.A.'),
    ];
    for (const each of changed) {
      const other = new URL(url);
      other.searchParams.set('state', each);
      await expectErrorPage(await callback(other, cookie));
    }
    const doubled = new URL(url);
    doubled.searchParams.append('state', state);
    await expectErrorPage(await callback(doubled, cookie));
    const without = new URL(url);
    without.searchParams.delete('state');
    await expectErrorPage(await callback(without, cookie));
  });

  it('is refused after ten minutes', async () => {
    const { url, cookie } = await finish();
    later(601);
    await expectErrorPage(await callback(url, cookie));
  });

  it('is refused a second time: the callback deletes the cookie', async () => {
    const { url, cookie } = await finish();
    const response = await callback(url, cookie);
    const [removal = ''] = response.headers.getSetCookie();

    expect(removal).toContain(`${cookie.split('=', 1)[0]}=; Max-Age=0`);
    await expectErrorPage(await callback(url));
  });

  it('of another server with the same key is refused', async () => {
    const other = await startServed('sends iss', { now });
    onTestFinished(other.stop);
    const { url, cookie } = await finish();
    const moved = new URL(`${other.issuer}/callback${url.search}`);

    await expectErrorPage(await callback(moved, cookie));
  });

  it.each(['https://evil.example', '', 'twice'])(
    'with the issuer "%s" is refused',
    async (issuer) => {
      const { url, cookie } = await finish();
      expect(url.searchParams.get('iss')).toBe(served.standIn.issuer);
      if (issuer === 'twice') url.searchParams.append('iss', served.standIn.issuer);
      else url.searchParams.set('iss', issuer);
      if (issuer === '') {
        // An empty value counts as missing, and not every provider sends one.
        expect((await callback(url, cookie)).status).toBe(303);
        return;
      }
      await expectErrorPage(await callback(url, cookie));
    },
  );
});

describe('REG-16: redirect addresses', () => {
  const bad = [
    'https://user@claude.ai/api/mcp/auth_callback',
    'https://claude.ai@evil.example/api/mcp/auth_callback',
    'https://claude.ai\\@evil.example/api/mcp/auth_callback',
    'https://claude.ai\\.evil.example/api/mcp/auth_callback',
    'https://claude.ai.evil.example/api/mcp/auth_callback',
    'https://evilclaude.ai/api/mcp/auth_callback',
    'https://claude.ai/api/mcp/auth_callback/../../../evil',
    'https://claude.ai/api/mcp/%2e%2e/auth_callback',
    'https://claude.ai/api/mcp/auth_callback/',
    'https://claude.ai//api/mcp/auth_callback',
    'https://claude.ai/api/mcp/auth_callback?next=https://evil.example',
    'https://claude.ai/api/mcp/auth_callback#x',
    'https://claude.ai:443/api/mcp/auth_callback',
    'https://claude.ai:8443/api/mcp/auth_callback',
    'https://CLAUDE.ai/api/mcp/auth_callback',
    'https://claude.ai./api/mcp/auth_callback',
    'https://сlaude.ai/api/mcp/auth_callback',
    'http://claude.ai/api/mcp/auth_callback',
    ' https://claude.ai/api/mcp/auth_callback',
    'https://claude.ai/api/mcp/auth_callback\n',
    'http://127.1:7777/callback',
    'http://2130706433/callback',
    'http://0x7f.1/callback',
    'http://127.0.0.2/callback',
    'http://0.0.0.0/callback',
    'http://localhost.evil.example/callback',
    'http://localhost@evil.example/callback',
    'http://127.0.0.1:7777@evil.example/callback',
    'http://[::ffff:127.0.0.1]/callback',
    'http://localhost:7777/a/../callback',
    'https://localhost:7777/callback',
    'javascript:alert(1)//https://claude.ai',
    'data:text/html,x',
    'file:///etc/passwd',
    'cursor://anysphere.cursor-mcp/oauth/callback/evil',
    'cursor://evil/oauth/callback',
    'com.evil.app:/callback',
    '//claude.ai/api/mcp/auth_callback',
    '/callback',
    '',
  ];

  it.each(bad)('refuses to register %j, alone and among good ones', async (address) => {
    for (const addresses of [[address], [claudeAddress, address], [address, loopbackAddress]]) {
      const response = await registerRaw(served, { redirect_uris: addresses });

      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: 'invalid_redirect_uri' });
    }
  });

  it('refuses to register duplicates, none, too many, and what is no text', async () => {
    const many = Array.from({ length: 11 }, (_each, index) => `http://127.0.0.1/${index}`);
    const lists = [[loopbackAddress, loopbackAddress], [], many, [7], 'http://127.0.0.1/', null];
    for (const addresses of lists) {
      const response = await registerRaw(served, { redirect_uris: addresses });

      expect(await response.json()).toMatchObject({ error: 'invalid_redirect_uri' });
    }
  });

  it.each([
    ...bad,
    claudeAddress,
    'http://localhost:7777/callback',
    'http://127.0.0.1:7777/other',
    'http://127.0.0.1:7777/callback?a=b',
  ])('sends no answer to %j when the client registered another one', async (address) => {
    const request = { ...requestOf(served, client), redirect_uri: address };

    await expectErrorPage(await openPage(served, request));
  });

  it('sends no answer when the address or the client is there twice', async () => {
    const query = String(new URLSearchParams(requestOf(served, client)));
    for (const [name, value] of [
      ['redirect_uri', loopbackAddress],
      ['redirect_uri', 'https://evil.example'],
      ['client_id', client.clientId],
    ] as const) {
      const extra = new URLSearchParams([[name, value]]);
      await expectErrorPage(await openPage(served, `${query}&${extra}`));
      await expectErrorPage(await openPage(served, `${extra}&${query}`));
    }
  });

  it('lets a program choose its port, and no more (RFC 8252 §7.3)', async () => {
    const request = { ...requestOf(served, client), redirect_uri: 'http://127.0.0.1:9/callback' };

    expect((await openPage(served, request)).status).toBe(200);
  });
});

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
    ] as const) {
      expect(answerOf(await openPage(served, { ...good, ...changes })).get('error')).toBe(error);
    }
  });
});

describe("REG-21: a client's name", () => {
  const pageFor = async (client_name: string, address = loopbackAddress) => {
    const named = await register(served, { redirect_uris: [address], client_name });
    return (await openPage(served, requestOf(served, named))).text();
  };

  it('is text, and never markup', async () => {
    const html = await pageFor('</strong><script>alert(1)</script><img src=x onerror="alert(1)">');

    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toMatch(/<script|<img/);
  });

  it('cannot turn the text around it, hide in it, or push the page away', async () => {
    const html = await pageFor(
      `\u202eedualC\u202c\u200b\u2066\u0000\n${'A\u0301\u0301\u0301'.repeat(90)}`,
    );
    const [, name = ''] = /calls itself “<bdi>(.*)<\/bdi>”/s.exec(html) ?? [];

    expect(name).toMatch(/^edualC /);
    expect(name).not.toMatch(/[\p{Cf}\p{Cc}]/u);
    expect(Array.from(name).length).toBeLessThanOrEqual(60);
  });

  it('comes last, as a claim: a program on this computer that says it is Claude is not shown as Claude', async () => {
    const local = await pageFor('Claude');
    const real = await pageFor('Something else', claudeAddress);

    expect(local).toContain('<strong><bdi>A program on your own computer</bdi></strong>');
    expect(local).not.toContain('<strong><bdi>Claude');
    expect(local.indexOf(loopbackAddress)).toBeLessThan(local.indexOf('notes:read'));
    expect(local.indexOf('notes:read')).toBeLessThan(local.indexOf('calls itself'));
    expect(local).toContain('This server cannot check that name');
    expect(real).toContain('<strong><bdi>Claude</bdi></strong>');
  });
});

describe('REG-22: keys, instances, floods and the provider', () => {
  const previous = new Secret('the previous secret with at least 32 bytes');

  it('opens what the previous key sealed, and nothing of a lost key', async () => {
    let keys: Secret | readonly [Secret, Secret] = previous;
    const rotated = await startServed('sends iss', { sealingKey: () => keys });
    onTestFinished(rotated.stop);
    const old = await register(rotated);
    const tokens = await getTokens(rotated, old);
    const refresh = {
      grant_type: 'refresh_token',
      client_id: old.clientId,
      refresh_token: tokens.refresh_token ?? '',
    };
    keys = [sealingKey, previous];
    const again = await askToken(rotated, refresh);
    expect(again.status).toBe(200);
    keys = sealingKey;
    // Clients register again after this answer.
    expect(await askToken(rotated, refresh)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    const html = await expectErrorPage(await openPage(rotated, requestOf(rotated, old)));
    expect(html).toContain('Remove this server from your app, and add it again.');
  });

  it('answers a slow provider with 503, and not more than 64 at once wait for it', async () => {
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
    const waiting = Array.from({ length: 70 }, async () =>
      answers.push(await askToken(slow, form)),
    );
    await expect.poll(() => answers.length).toBe(6);
    release();
    await Promise.all(waiting);
    for (const answer of answers.slice(0, 6)) {
      expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    }
  });

  it.each([
    ['redirects', 302, '', { Location: 'https://evil.example/token' }],
    ['fails', 500, '{"error":"server_error"}', {}],
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
    clock += 11_000;
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
    const good = redemptionOf(served, client, await getCode(served, client));
    const words = { error: 'invalid_grant', error_description: 'AADSTS70000: a secret reason' };
    served.standIn.answerTokenRequest(400, JSON.stringify(words));
    const answer = await askToken(served, good);

    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(JSON.stringify(answer.body)).not.toContain('secret reason');
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
