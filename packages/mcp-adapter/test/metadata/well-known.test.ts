/** Every address that clients ask before they sign in, through a real server. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuard, createScopePolicy } from '@sallyport/core';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMcpGate, type McpGate, protectedResourceMetadataUrl } from '../../src/index.ts';
import { isWellKnown, metadataPaths } from '../../src/metadata/well-known.ts';
import { nodeGate } from '../../src/node.ts';
import { createTestGate, createTestGuard, gateOptions, issuer, tokens } from '../fixture.ts';

const prm = '/.well-known/oauth-protected-resource';

function gateFor(resource: string): McpGate {
  const guard = createGuard({
    verifier: { name: 'test', verify: () => Promise.reject(new Error('unused')) },
    rateLimiter: createMemoryRateLimiter(),
    audit: { emit: () => {} },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes: [],
  });
  return createMcpGate({ ...gateOptions, resource, guard });
}

async function start(gate: McpGate) {
  const server = createServer(nodeGate(gate, (_request, response) => void response.end('reached')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { base, stop };
}

describe('a gate for /mcp', () => {
  let host: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    host = await start(createTestGate());
  });
  afterAll(() => host.stop());

  it.each([prm, `${prm}/`, `${prm}/mcp`, `${prm}/mcp/`, `${prm}/mcp?x=1`, `${prm}?x`])(
    'CASE-22: serves the metadata at %s to everybody, pages of every origin included',
    async (path) => {
      for (const headers of [
        {},
        { Origin: 'https://foreign.test' },
        { Authorization: 'Bearer x' },
      ]) {
        const response = await fetch(host.base + path, { headers });

        expect(response.status).toBe(200);
        expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
        expect(await response.json()).toMatchObject({ resource: 'https://mcp.example.com/mcp' });
      }
      const head = await fetch(host.base + path, { method: 'HEAD' });
      const preflight = await fetch(host.base + path, {
        method: 'OPTIONS',
        headers: {
          Origin: 'https://foreign.test',
          'Access-Control-Request-Method': 'GET',
          'Access-Control-Request-Headers': 'mcp-protocol-version',
        },
      });

      expect(head.status).toBe(200);
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(preflight.headers.get('Access-Control-Allow-Headers')).toMatch(
        /mcp-protocol-version/i,
      );
    },
  );

  it.each([
    '/.well-known/',
    '/.well-known/openid-configuration',
    '/.well-known/openid-configuration/',
    '/.well-known/openid-configuration/mcp',
    '/.well-known/openid-configuration?x=1',
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/mcp',
    '/mcp/.well-known/openid-configuration',
    '/mcp/.well-known/oauth-authorization-server',
    '/mcp/.well-known/oauth-protected-resource',
    '/.well-known/jwks.json',
    '/.well-known/security.txt',
    `${prm}/other`,
    `${prm}//mcp`,
    `${prm}/MCP`,
    `${prm}%2fmcp`,
  ])('CASE-22: answers %s with 404, with and without a token', async (path) => {
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
      for (const headers of [
        {},
        { Authorization: `Bearer ${tokens.write}` },
        { Authorization: 'Bearer bad' },
      ]) {
        const response = await fetch(host.base + path, { method, headers });

        expect(response.status).toBe(404);
        expect(response.headers.get('WWW-Authenticate')).toBeNull();
      }
    }
    const foreign = { Origin: 'https://foreign.test' };
    const fromPage = await fetch(host.base + path, { headers: foreign });
    const preflight = await fetch(host.base + path, { method: 'OPTIONS', headers: foreign });

    expect([fromPage.status, preflight.status]).toEqual([404, 204]);
    expect(fromPage.headers.get('Access-Control-Allow-Origin')).toBe('*');
  });

  it('CASE-22: serves /mcp/ like /mcp', async () => {
    for (const path of ['/mcp', '/mcp/']) {
      const headers = { Authorization: `Bearer ${tokens.read}` };

      expect((await fetch(host.base + path, { headers })).status).toBe(200);
      expect((await fetch(host.base + path)).status).toBe(401);
    }
  });
});

it('CASE-22: leaves the root of the origin to another resource when told', async () => {
  const host = await start(createTestGate({ metadataAtRoot: false }));

  expect((await fetch(host.base + prm)).status).toBe(404);
  expect((await fetch(`${host.base}${prm}/mcp`)).status).toBe(200);
  await host.stop();
});

it('CASE-22, SPEC-36: serves a document of the authorization server with and without a slash', async () => {
  const authorizationServerMetadata = { issuer };
  const host = await start(createTestGate({ authorizationServerMetadata }));

  for (const slash of ['', '/']) {
    const path = `/.well-known/oauth-authorization-server${slash}`;
    expect(await (await fetch(host.base + path)).json()).toEqual({ issuer });
  }
  await host.stop();
});

it('CASE-29: serves the metadata behind a proxy that strips a prefix', async () => {
  const host = await start(gateFor('https://h.test/team/notes/mcp'));

  for (const tail of ['/team/notes/mcp', '/notes/mcp', '/mcp', '/mcp/', '']) {
    const response = await fetch(`${host.base}${prm}${tail}`);
    expect(await response.json()).toMatchObject({ resource: 'https://h.test/team/notes/mcp' });
  }
  expect((await fetch(`${host.base}${prm}/team`)).status).toBe(404);
  const stranger = await fetch(`${host.base}/mcp`);
  expect(stranger.headers.get('WWW-Authenticate')).toContain(`https://h.test${prm}/team/notes/mcp`);
  await host.stop();
});

it('CASE-22: lists one path for a resource at the root of its origin', () => {
  expect(metadataPaths('', false)).toEqual([prm, `${prm}/`]);
  expect(createTestGuard().resourceMetadataUrl).toContain(metadataPaths('/mcp', false)[0]);
});

it.each([
  ['/.well-known', true],
  ['/a/.well-known/b', true],
  ['/.well-knownx', false],
  ['/x.well-known/', false],
  ['/.well-known/../mcp', false],
  ['/.well-known/%2e%2e/mcp', false],
  ['/a/../.well-known/x', true],
])('HDR-16: takes %s for a well-known address: %s', (path, expected) => {
  expect(isWellKnown(path)).toBe(expected);
});
