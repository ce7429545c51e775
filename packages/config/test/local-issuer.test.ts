import { expect, it } from 'vitest';
import { loadConfig, saysHowToSignIn, variablesOfLocalIssuer } from '../src/index.ts';

const local = { issuer: 'http://127.0.0.1:9000', jwksUri: 'http://127.0.0.1:9000/jwks' };
const resource = 'http://localhost:8000/mcp';

it.each([
  [{}, false],
  [{ PORT: '8000', FASTMCP_SERVER_AUTH_RESOURCE_URL: resource }, false],
  [{ FASTMCP_SERVER_AUTH_TYPE: ' ' }, false],
  [{ FASTMCP_SERVER_AUTH_TYPE: 'jwt' }, true],
  [{ FASTMCP_SERVER_AUTH_JWT_ISSUER: local.issuer }, true],
  [{ FASTMCP_SERVER_AUTH_INTROSPECTION_URL: `${local.issuer}/introspect` }, true],
])('tells whether %j say how callers sign in', (variables, isSaid) => {
  expect(saysHowToSignIn(variables)).toBe(isSaid);
});

it('writes variables that load, and that name the scopes that every operation needs', async () => {
  const variables = variablesOfLocalIssuer(local, resource, ['mcp', 'notes']);
  const config = await loadConfig(
    { ENVIRONMENT: 'development', ...variables },
    { nodeArguments: [] },
  );

  expect(config).toMatchObject({
    resource,
    requiredScopes: ['mcp', 'notes'],
    authentication: { type: 'jwt', issuer: local.issuer, audience: resource },
  });
  expect(variablesOfLocalIssuer(local, resource)).not.toHaveProperty(
    'FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES',
  );
});
