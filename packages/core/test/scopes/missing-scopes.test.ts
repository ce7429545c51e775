import { expect, it } from 'vitest';
import { explainMissingScopes } from '../../src/scopes/missing-scopes.ts';

const explain = (scopes: readonly string[], claims: Readonly<Record<string, unknown>> = {}) =>
  explainMissingScopes(
    { scopes: new Set(scopes), claims },
    ['notes:write'],
    new Set(['notes:read', 'notes:write']),
  );

it.each([
  [[], 'granted none'],
  [['notes:read'], 'granted notes:read'],
  [['openid'], 'granted 1 other'],
  [['notes:read', 'openid', 'profile'], 'granted notes:read and 2 others'],
])('CASE-37: of the scopes %j it quotes those of this server', (scopes, granted) => {
  expect(explain(scopes)).toBe(`missing notes:write; ${granted}`);
});

it.each([
  [{ roles: ['notes:write'] }, 'roles'],
  [{ role: 'notes:write' }, 'role'],
  [{ permissions: ['a', 'notes:write'] }, 'permissions'],
  [{ scp: 'a notes:write' }, 'scp'],
  [{ groups: ['notes:write'] }, 'groups'],
  [{ 'cognito:groups': ['notes:write'] }, 'cognito:groups'],
  [{ realm_access: { roles: ['notes:write'] } }, 'realm_access.roles'],
  [{ resource_access: { secret: { roles: ['notes:write'] } } }, 'resource_access'],
])('CASE-37: finds the scope elsewhere in %j', (claims, claim) => {
  expect(explain([], claims)).toBe(
    `missing notes:write; granted none; the token has notes:write in ${claim}, where scopes are not read`,
  );
});

it.each([
  ['Notes:Write', 'a granted scope differs by upper and lower case'],
  ['api://secret/notes:write', 'a granted scope has it with a prefix'],
  [
    'notes:read,notes:write',
    'the granted scopes are joined by commas, and OAuth joins them by spaces',
  ],
])('CASE-37: recognises %s as another spelling', (granted, hint) => {
  expect(explain([granted])).toBe(`missing notes:write; granted 1 other; ${hint}`);
});

it('CASE-37: says when a granted scope lacks the prefix of the configured one', () => {
  const scopes = new Set(['read']);
  const hint = explainMissingScopes({ scopes, claims: {} }, ['api://notes/read'], new Set());

  expect(hint).toContain('a granted scope has it without its prefix');
});

it.each([
  [{ roles: null, resource_access: null, realm_access: 'x' }],
  [{ resource_access: { a: null, b: { roles: 7 } } }],
])('CASE-37: takes claims of any form: %j', (claims) => {
  expect(explain([], claims)).toBe('missing notes:write; granted none');
});
