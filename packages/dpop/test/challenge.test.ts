import { extractWWWAuthenticateParams } from '@modelcontextprotocol/client';
import { extractWWWAuthenticateParams as extractByV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { describe, expect, it } from 'vitest';
import { createDpop } from '../src/index.ts';
import { startGate } from './gate.ts';

describe.each([
  ['v2', extractWWWAuthenticateParams],
  ['v1', extractByV1],
])('a client of the MCP SDK %s', (_name, extract) => {
  it.each([
    ['nothing', undefined, undefined],
    ['a bad token', 'Bearer x', 'invalid_token'],
    ['a bad token and DPoP', 'DPoP x', 'invalid_token'],
  ])('finds its way to a token with %s', async (_case, authorization, error) => {
    const { resource } = await startGate([createDpop()]);
    const headers = new Headers(
      authorization === undefined ? {} : { Authorization: authorization },
    );
    const found = extract(await fetch(resource, { headers }));

    expect(found).toMatchObject({
      resourceMetadataUrl: new URL('/.well-known/oauth-protected-resource/mcp', resource),
      scope: 'notes:read',
    });
    expect(found.error).toBe(error);
  });
});
