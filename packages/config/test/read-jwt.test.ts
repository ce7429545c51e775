import { expect, it } from 'vitest';
import { load, opaque, problemsOf } from './set-up.ts';

const own = 'https://notes.acme-corp.dev/mcp';

it.each([
  `["${own}","api://notes"]`,
  `[ "${own}" , "api://notes" ]`,
  `${own},api://notes`,
  `${own}, api://notes`,
  `${own} api://notes`,
  `${own},api://notes,`,
])('CASE-31: reads %s as two audiences', async (text) => {
  const { authentication, resource } = await load({ JWT_AUDIENCE: text });

  expect(authentication).toMatchObject({ audience: own, otherAudiences: ['api://notes'] });
  expect(resource).toBe(own);
  const introspection = await load({ ...opaque, INTROSPECTION_AUDIENCE: text });
  expect(introspection.authentication).toMatchObject({
    audience: own,
    otherAudiences: ['api://notes'],
  });
});

it.each(['[]', '[""]', '["a", 7]', '["a b"]', '{"a": 1}', '["a"', '"a,b"', ' a,b'])(
  'CASE-31: refuses the list of audiences %s',
  async (text) => {
    const ofJwt = { JWT_AUDIENCE: text, RESOURCE_URL: own };

    expect(await problemsOf(ofJwt)).toEqual([expect.stringMatching(/^JWT_AUDIENCE: /)]);
    expect(await problemsOf({ ...opaque, INTROSPECTION_AUDIENCE: text })).toEqual([
      expect.stringMatching(/^INTROSPECTION_AUDIENCE: /),
    ]);
  },
);

it.each([
  '["https://id.acme-corp.dev","https://id.acme-corp.com"]',
  'https://id.acme-corp.dev,https://id.acme-corp.com',
])('CASE-31: reads the list of issuers %s, and refuses the keys of one beside it', async (text) => {
  expect(await problemsOf({ JWT_ISSUER: text, JWT_JWKS_URI: undefined })).toEqual([]);
  expect(await problemsOf({ JWT_ISSUER: text })).toEqual([
    expect.stringContaining('JWT_JWKS_URI: has the keys of one issuer, and there are several'),
  ]);
});

it('CASE-30: reads the maximum lifetime of tokens', async () => {
  const { authentication } = await load({ JWT_MAX_LIFETIME_SECONDS: '604800' });

  expect(authentication).toMatchObject({ maximumLifetimeSeconds: 604_800 });
  expect(await problemsOf({ JWT_MAX_LIFETIME_SECONDS: '59' })).toHaveLength(1);
});
