import { providers } from '../../src/index.ts';
import { guid, type ProviderShape, resource } from './provider-shape.ts';

const stytchProject = `project-test-${guid}`;

export const stytch: ProviderShape = {
  preset: (common) =>
    providers.stytch({
      ...common,
      projectId: stytchProject,
      audience: stytchProject,
    }),
  algorithm: 'RS256',
  keysUrl: `https://test.stytch.com/v1/sessions/jwks/${stytchProject}`,
  header: { typ: 'JWT' },
  claims: {
    iss: `stytch.com/${stytchProject}`,
    aud: [stytchProject],
    sub: 'user-test-1',
    client_id: 'connected-app-test-1',
    nbf: 1_767_225_600,
    scope: 'openid notes:read',
  },
  principal: {
    subject: 'user-test-1',
    clientId: 'connected-app-test-1',
    audience: [stytchProject],
    scopes: new Set(['openid', 'notes:read']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'stytch.com/project-test-9c5b94b1-35ad-49bb-b118-8e8fc24abf80' },
      code: 'token_issuer_untrusted',
    },
    'with a scheme in its issuer': {
      claims: { iss: `https://stytch.com/${stytchProject}` },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': {
      claims: { aud: ['project-test-9c5b94b1-35ad-49bb-b118-8e8fc24abf80'] },
      code: 'token_audience_mismatch',
    },
    'a session': {
      claims: {
        client_id: undefined,
        scope: undefined,
        'https://stytch.com/session': { id: 'session-test-1' },
      },
      code: 'token_claim_invalid',
    },
    'an ID token': {
      claims: { aud: ['connected-app-test-1'], client_id: undefined, scope: undefined },
      code: 'token_audience_mismatch',
    },
  },
};

export const descope: ProviderShape = {
  preset: (common) =>
    providers.descope({
      ...common,
      projectId: 'P32juVkF2iM8',
      issuer: { mcpServerId: 'MS35d1Xw1Yo6' },
      audience: resource,
    }),
  algorithm: 'RS256',
  keysUrl: 'https://api.descope.com/P32juVkF2iM8/.well-known/jwks.json',
  header: { typ: 'JWT' },
  claims: {
    iss: 'https://api.descope.com/v1/apps/agentic/P32juVkF2iM8/MS35d1Xw1Yo6',
    aud: resource,
    azp: 'client-1',
    sub: 'U2xyz',
    scope: 'mcp:notes.read',
  },
  principal: {
    subject: 'U2xyz',
    clientId: 'client-1',
    audience: [resource],
    scopes: new Set(['mcp:notes.read']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://api.descope.com/v1/apps/agentic/P99/MS35d1Xw1Yo6' },
      code: 'token_issuer_untrusted',
    },
    'of another MCP server': {
      claims: { iss: 'https://api.descope.com/v1/apps/agentic/P32juVkF2iM8/MS99' },
      code: 'token_issuer_untrusted',
    },
    'of the project': {
      claims: { iss: 'https://api.descope.com/v1/apps/P32juVkF2iM8' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': { claims: { aud: 'P32juVkF2iM8' }, code: 'token_audience_mismatch' },
    'an ID token': {
      claims: { aud: 'client-1', scope: undefined, nonce: 'n' },
      code: 'token_audience_mismatch',
    },
  },
};

const supabaseClient = '9a8b7c6d-5e4f-3a2b-1c0d-9e8f7a6b5c4d';

export const supabase: ProviderShape = {
  preset: (common) =>
    providers.supabase({
      ...common,
      projectRef: 'abcdefghijklmnopqrst',
      clientIds: [supabaseClient],
    }),
  algorithm: 'ES256',
  keysUrl: 'https://abcdefghijklmnopqrst.supabase.co/auth/v1/.well-known/jwks.json',
  header: { typ: 'JWT' },
  claims: {
    iss: 'https://abcdefghijklmnopqrst.supabase.co/auth/v1',
    aud: 'authenticated',
    sub: guid,
    role: 'authenticated',
    client_id: supabaseClient,
    session_id: 's-1',
    scope: 'openid email',
  },
  principal: {
    subject: guid,
    clientId: supabaseClient,
    audience: ['authenticated'],
    scopes: new Set(['openid', 'email']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://bbcdefghijklmnopqrst.supabase.co/auth/v1' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': { claims: { client_id: guid }, code: 'token_audience_mismatch' },
    'a session': { claims: { client_id: undefined }, code: 'token_claim_invalid' },
    'an ID token': { claims: { aud: supabaseClient }, code: 'token_audience_mismatch' },
  },
};
