/** What the presets of providers are told, and the scopes of tools. */
import { knownProviders, type Provider } from '@sallyport/verifier-jwt/providers';
import { describe, expect, it } from 'vitest';
import { load, openGate, problemsOf } from './set-up.ts';

/** What a preset needs besides its tenant, as its row says. */
function settingsFor({ audience, withoutScopes, issuers }: Provider) {
  return {
    RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
    ...(audience === 'tenant' && { JWT_AUDIENCE: undefined }),
    ...(['client', 'fixed', 'optional'].includes(audience) && { JWT_CLIENT_IDS: 'a' }),
    ...(withoutScopes && { JWT_REQUIRED_SCOPES: undefined }),
    // Clients cannot be sent to an issuer without scheme.
    ...(issuers?.source.startsWith('^http') === false && {
      AUTHORIZATION_SERVERS: 'https://login.acme-corp.dev',
    }),
  };
}

describe('presets', () => {
  const preset = { JWT_ISSUER: undefined, JWT_JWKS_URI: undefined };

  it.each(
    knownProviders.map((provider) => [provider.name, provider.tenant.example, provider] as const),
  )('%s is told its tenant as %s', async (provider, name, row) => {
    const all = { ...preset, ...settingsFor(row), JWT_PROVIDER: provider, JWT_TENANT: name };

    expect(await problemsOf(all)).toEqual([]);
    const broken = await problemsOf({ ...all, JWT_TENANT: 'https://a b/?{x}' });
    expect(broken).toEqual([expect.stringMatching(/^JWT_TENANT: /)]);
  });

  it.each([
    ['authentik', 'https://sso.acme-corp.dev/application/o/notes/'],
    ['supabase', 'abcdefghijklmnopqrst'],
  ])('%s checks the clients, and a warning says that the audience is not', async (name, named) => {
    const { warnings } = await load({
      ...preset,
      JWT_PROVIDER: name,
      JWT_TENANT: named,
      JWT_CLIENT_IDS: 'notes-client',
    });

    expect(warnings.filter((text) => text.includes('JWT_AUDIENCE'))).toEqual([
      expect.stringContaining('JWT_CLIENT_IDS is checked in its place'),
    ]);
  });

  it.each([
    [{ JWT_PROVIDER: 'auth1' }, 'JWT_PROVIDER: must be auth0, authentik'],
    [{ JWT_ISSUER: 'https://a.dev' }, 'JWT_ISSUER: must not be set beside'],
    [{ JWT_TENANT: undefined }, 'JWT_TENANT: must be the domain'],
    [{ JWT_PROVIDER: 'cognito', JWT_TENANT: 'eu-west-1_AbCd' }, 'JWT_CLIENT_IDS: is missing'],
    [{ JWT_PROVIDER: undefined }, 'JWT_TENANT: has no meaning'],
    [
      { JWT_PROVIDER: 'firebase', JWT_TENANT: 'acme-notes', JWT_REQUIRED_SCOPES: undefined },
      'JWT_AUDIENCE: is the id of the project',
    ],
    [
      {
        JWT_PROVIDER: 'firebase',
        JWT_TENANT: 'acme-notes',
        JWT_AUDIENCE: 'acme-notes',
        JWT_CLIENT_IDS: 'a',
        JWT_REQUIRED_SCOPES: undefined,
        RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
      },
      'JWT_CLIENT_IDS: has no meaning here',
    ],
    [{ JWT_ALGORITHM: 'HS256' }, 'HMAC algorithms cannot be used'],
  ])('are refused with %o', async (changes, problem) => {
    const all = { ...preset, JWT_PROVIDER: 'auth0', JWT_TENANT: 'acme.eu.auth0.com', ...changes };

    expect(await problemsOf(all)).toContainEqual(expect.stringContaining(problem));
  });
});

describe('scopes of tools', () => {
  const tools = { read_note: ['read:data'], write_note: ['write:data'] };

  it.each([
    [
      '{"read_note": [], "writ_note": []}',
      'names "writ_note", which is no tool. Did you mean write_note?',
    ],
    ['{"read_note": []}', 'must say what write_note needs'],
  ])('%s is refused', async (text, problem) => {
    const config = await load({ TOOL_SCOPES: text });

    await expect(openGate(config, tools)).rejects.toThrow(
      `FASTMCP_SERVER_AUTH_TOOL_SCOPES: ${problem}`,
    );
  });

  it.each(['x', '[]', '{"a": "b"}', '{"a": [1]}', '{"__proto__": []}', '{"a": {"__proto__": 1}}'])(
    '%s is refused (CFG-14)',
    async (text) => {
      expect(await problemsOf({ TOOL_SCOPES: text })).toEqual([
        expect.stringContaining('TOOL_SCOPES: must be JSON such as'),
      ]);
    },
  );

  it('can be in a hierarchy, which has no circle', async () => {
    expect(await problemsOf({ SCOPE_HIERARCHY: '{"a": ["b"], "b": ["a"]}' })).toEqual([
      expect.stringContaining('SCOPE_HIERARCHY: has a cycle'),
    ]);
  });
});
