/** What the gate does for proofs of possession; whether one is good is the business of others. */
import {
  AuthError,
  type Confirmation,
  createGuard,
  createScopePolicy,
  type Principal,
  type ProofRequest,
  type SenderConstraint,
} from '@sallyport/core';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { expect, it } from 'vitest';
import type { GateRequest } from '../../src/gate/gate-request.ts';
import type { McpGateOptions } from '../../src/gate/mcp-gate.ts';
import { createMcpGate, protectedResourceMetadataUrl } from '../../src/index.ts';
import { gateOptions, issuer, resource, toolCall } from '../fixture.ts';

const confirmation: Confirmation = { method: 'jkt', thumbprint: 'the-key' };
const origin = 'https://inspector.example.com';

/** Every token is bound to one key, and every proof is good once. */
function setUp(options: Partial<McpGateOptions> = {}) {
  const proofs: ProofRequest[] = [];
  const dpop: SenderConstraint = {
    method: 'jkt',
    scheme: 'DPoP',
    required: true,
    algorithms: ['ES256'],
    async confirm(_bound, request) {
      if (request.field('dpop')[0] !== `proof ${proofs.length}`) {
        throw new AuthError('dpop_nonce_required', { nonce: 'nonce-1' });
      }
      proofs.push(request);
      return { 'DPoP-Nonce': 'nonce-2' };
    },
  };
  const principal: Principal = {
    issuer,
    subject: 'user-1',
    clientId: 'client-1',
    audience: [resource],
    scopes: new Set(['notes:read']),
    expiresAt: 4_000_000_000,
    confirmation,
    claims: {},
  };
  const guard = createGuard({
    verifier: { name: 'test', verify: async () => principal },
    rateLimiter: createMemoryRateLimiter({ maximumAttempts: 1_000 }),
    audit: { emit: () => {} },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes: [],
    senderConstraints: [dpop],
  });
  return { gate: createMcpGate({ ...gateOptions, guard, ...options }), proofs };
}

const send = (changes: Partial<GateRequest> = {}, proof = 'proof 0'): GateRequest => ({
  method: 'POST',
  target: '/mcp?x=1',
  host: 'evil.example.com',
  field: (name) => {
    const fields: Record<string, string> = { authorization: 'DPoP secret', dpop: proof, origin };
    return fields[name] === undefined ? [] : [fields[name]];
  },
  clientAddress: '203.0.113.7',
  signal: new AbortController().signal,
  readJson: async () => ({ ok: true, value: toolCall('list') }),
  ...changes,
});

it('presents the method and the configured address, whatever Host says (DPOP-06)', async () => {
  const { gate, proofs } = setUp();
  const decision = await gate.handle(send());

  expect(decision.pass).toBe(true);
  expect(proofs).toMatchObject([{ method: 'POST', url: 'https://mcp.example.com/mcp' }]);
});

it('sends the nonce along with every answer, and lets pages read it', async () => {
  const { gate } = setUp();
  const asked = await gate.handle(send({}, 'none'));
  const passed = await gate.handle(send({}, 'proof 0'));
  const missing = { ok: true, value: toolCall('delete') } as const;
  const refused = await gate.handle(send({ readJson: async () => missing }, 'proof 1'));
  const broken = { ok: false, fault: 'body_not_json' } as const;
  const faulty = await gate.handle(send({ readJson: async () => broken }, 'proof 2'));

  expect([asked, passed, refused, faulty]).toMatchObject([
    { answer: { status: 401, headers: { 'DPoP-Nonce': 'nonce-1' } } },
    { pass: true, headers: { 'DPoP-Nonce': 'nonce-2' } },
    { answer: { status: 403, headers: { 'DPoP-Nonce': 'nonce-2' } } },
    { answer: { status: 400, headers: { 'DPoP-Nonce': 'nonce-2' } } },
  ]);
  expect(passed).toMatchObject({
    headers: { 'Access-Control-Expose-Headers': expect.stringContaining('DPoP-Nonce') },
  });
  const preflight = await gate.handle(send({ method: 'OPTIONS' }));
  expect(preflight).toMatchObject({
    answer: { headers: { 'Access-Control-Allow-Headers': expect.stringContaining(' DPoP,') } },
  });
});

it('hides the proof, and hands on the token where it is told to', async () => {
  const hidden = await setUp().gate.handle(send());
  const exposed = await setUp({ exposeToken: true }).gate.handle(send());

  expect(hidden).toMatchObject({ authInfo: { token: '[redacted]' } });
  expect(hidden).toMatchObject({ hiddenFields: expect.arrayContaining(['authorization', 'dpop']) });
  expect(exposed).toMatchObject({ authInfo: { token: 'secret' } });
});

it('looks at the token of an open stream again, and not at its proof, which is used', async () => {
  const clock = { milliseconds: 1_790_000_000_000 };
  const { gate, proofs } = setUp({ streamCheckSeconds: 1, now: () => clock.milliseconds });
  const decision = await gate.handle(send({ method: 'GET' }));
  if (!decision.pass || decision.lease === undefined) return expect.fail('no stream was opened');
  const ended = Promise.withResolvers<string>();
  const stop = decision.lease.watch(() => ended.resolve('ended'));
  // More than one look.
  const later = new Promise<string>((resolve) => setTimeout(resolve, 2_300, 'still open'));

  expect(await Promise.race([ended.promise, later])).toBe('still open');
  expect(proofs).toHaveLength(1);
  stop();
});

it('says in the metadata what is taken, and what is required (RFC 9728 §2)', async () => {
  const target = '/.well-known/oauth-protected-resource/mcp';
  const decision = await setUp().gate.handle(send({ method: 'GET', target }));
  const text = decision.pass ? '' : decision.answer.body;

  expect(JSON.parse(text ?? '')).toMatchObject({
    dpop_signing_alg_values_supported: ['ES256'],
    dpop_bound_access_tokens_required: true,
  });
});
