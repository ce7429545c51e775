/** Redirect addresses: what registers, and where answers go. */
import { describe, expect, it } from 'vitest';
import { expectErrorPage, startAttacked } from './attacked.ts';
import { claudeAddress, loopbackAddress, openPage, registerRaw, requestOf } from './raw-flow.ts';

const { served, client } = await startAttacked();

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
    const long = `http://127.0.0.1/${'a'.repeat(512)}`;
    const lists = [
      ...[[loopbackAddress, loopbackAddress], [], many],
      ...[[7], [long], 'http://127.0.0.1/', null],
    ];
    for (const addresses of lists) {
      const response = await registerRaw(served, { redirect_uris: addresses });

      expect(await response.json()).toMatchObject({ error: 'invalid_redirect_uri' });
    }
  });

  it('refuses to register a name or grant types that mean something else', async () => {
    for (const metadata of [
      { client_name: 7 },
      { grant_types: 'authorization_code' },
      { grant_types: ['refresh_token'] },
    ]) {
      const redirects = { redirect_uris: [loopbackAddress] };
      const response = await registerRaw(served, { ...redirects, ...metadata });

      expect(await response.json()).toMatchObject({ error: 'invalid_client_metadata' });
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

  it('refuses to register a list of addresses that is there twice', async () => {
    const [good, evil] = ['["http://127.0.0.1/"]', '["https://evil.example/"]'];
    for (const body of [
      `{"redirect_uris":${good},"redirect_uris":${evil}}`,
      `{"redirect_uris":${evil},"redirect_uris":${good}}`,
      `{"__proto__":{"redirect_uris":${good}}}`,
    ]) {
      const headers = { 'Content-Type': 'application/json' };
      const response = await fetch(`${served.issuer}/register`, { method: 'POST', headers, body });

      expect(response.status).toBe(400);
    }
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
