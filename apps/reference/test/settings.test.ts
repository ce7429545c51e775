/** What this server makes of its settings; the variables themselves are `@sallyport/config`'s. */

import { variablesOfLocalIssuer } from '@sallyport/config';
import { expect, it } from 'vitest';
import { needsLocalSignIn } from '../src/development/local-sign-in.ts';
import { callTool, startReference } from './reference-server.ts';

const P = 'FASTMCP_SERVER_AUTH_';

it.each([
  [{ ENVIRONMENT: 'development' }, true],
  [{ ENVIRONMENT: 'development', PORT: '9000', [`${P}TYPE`]: ' ' }, true],
  [{ ENVIRONMENT: 'development', [`${P}TYPE`]: 'static' }, false],
  [{ ENVIRONMENT: 'development', [`${P}JWT_ISSUER`]: 'https://id.acme-corp.dev' }, false],
  [{ ENVIRONMENT: 'development', K_SERVICE: 'notes' }, false],
  [{}, false],
])('%o: an authorization server comes along is %s', (variables, needed) => {
  expect(needsLocalSignIn(variables)).toBe(needed);
});

it('describes the one that came along as its owner would', () => {
  const server = { issuer: 'http://127.0.0.1:1', jwksUri: 'http://127.0.0.1:1/jwks' };

  expect(variablesOfLocalIssuer(server as never, 'http://localhost:2/mcp')).toMatchObject({
    [`${P}TYPE`]: 'jwt',
    [`${P}JWT_ISSUER`]: server.issuer,
    [`${P}JWT_AUDIENCE`]: 'http://localhost:2/mcp',
  });
});

it('lets everybody in where that is said twice, and says so in the log (CFG-04)', async () => {
  const { server, log } = await startReference({
    [`${P}TYPE`]: 'none',
    DANGEROUSLY_OMIT_AUTH: 'true',
  });
  const response = await callTool(server, undefined, 'hello', { name: 'World' });
  await server.stop();

  expect(response.status).toBe(200);
  expect(log.join('')).toContain('"event":"authentication_omitted"');
});

it('asks for what other tools need where the variable says so', async () => {
  const { server } = await startReference({
    [`${P}TYPE`]: 'static',
    [`${P}TOOL_SCOPES`]: JSON.stringify({
      whoami: ['admin'],
      hello: [],
      list_notes: [],
      read_note: [],
      write_note: [],
      delete_note: [],
    }),
  });
  const statuses = [];
  for (const tool of ['whoami', 'hello']) {
    const { status } = await callTool(server, 'dev-token-12345', tool, { name: 'World' });
    statuses.push(status);
  }
  await server.stop();

  expect(statuses).toEqual([403, 200]);
});
