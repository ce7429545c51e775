import {
  AuthError,
  type Principal,
  readConfirmation,
  type TokenVerifier,
  type VerifyContext,
} from '@sallyport/core';
import { describe } from 'vitest';
import { contractNowSeconds, contractThumbprint, describeTokenVerifier } from '../../src/index.ts';

const valid = 'a-token-that-is-good-for-5-minutes';
const expired = 'a-token-that-was-good-until-then';
const bound = 'a-token-that-is-good-for-one-sender';
const cnf = Object.freeze({ jkt: contractThumbprint });
const confirmation = Object.freeze({ method: 'jkt', thumbprint: contractThumbprint } as const);
const end = contractNowSeconds + 300;

type Verify = (token: string, context: VerifyContext) => Promise<Principal>;

const good = (changes: Partial<Principal> = {}): Principal =>
  Object.freeze({
    issuer: 'urn:example:issuer',
    subject: 'user',
    clientId: 'client',
    audience: Object.freeze(['https://mcp.example.com']),
    scopes: new Set(['read']),
    expiresAt: end,
    claims: Object.freeze({}),
    ...changes,
  });

const verify: Verify = async (token, { nowSeconds, confirmationMethods }) => {
  if (token === bound) {
    const read = readConfirmation({ cnf }, confirmationMethods);
    if (read !== undefined) return good({ confirmation: read });
  }
  if (token === expired) throw new AuthError('token_expired');
  if (token !== valid) throw new AuthError('token_inactive');
  if (nowSeconds >= end) throw new AuthError('token_expired');
  return good();
};
const onValid =
  (changes: (context: VerifyContext) => Partial<Principal>): Verify =>
  async (token, context) => ({ ...(await verify(token, context)), ...changes(context) });
const frozen =
  (changes: (context: VerifyContext) => Partial<Principal>): Verify =>
  async (token, context) =>
    Object.freeze(await onValid(changes)(token, context));

const onBound =
  (instead: Verify): Verify =>
  (token, context) =>
    token === bound ? instead(token, context) : verify(token, context);
let isRemembered = false;

const sharedScopes = new Set(['read']);
let lastToken = '';

const mutants: Readonly<Record<string, Verify>> = {
  none: verify,
  'can be changed': onValid(() => ({})),
  'has claims that can be changed': frozen(() => ({ claims: { nested: {} } })),
  'has an audience that can be changed': frozen(() => ({ audience: ['a'] })),
  'has no subject': frozen(() => ({ subject: '' })),
  'shares its scopes': frozen(() => ({ scopes: sharedScopes })),
  'outlasts its token': frozen(() => ({ expiresAt: end + 1 })),
  'keeps its token': frozen(() => ({ claims: Object.freeze({ raw: `Bearer ${valid}` }) })),
  'shows tokens in details': (token, context) =>
    verify(token, context).catch(() => {
      throw new AuthError('token_inactive', { detail: `unknown: ${token}` });
    }),
  'shows tokens in causes': (token, context) =>
    verify(token, context).catch(() => {
      throw new AuthError('token_inactive', { cause: new Error(`unknown: ${token}`) });
    }),
  'knows no bindings': onBound(async () => Promise.reject(new AuthError('token_inactive'))),
  'takes no notice of bindings': onBound(async () => good()),
  'lets everybody use bound tokens': onBound(async () => good({ confirmation })),
  'asks for the wrong proof': onBound(async (_token, { confirmationMethods }) => {
    if (!confirmationMethods?.size) throw new AuthError('token_sender_constrained');
    return good({ confirmation });
  }),
  'remembers bound tokens for everybody': onBound(async (token, context) => {
    if (!isRemembered) await verify(token, context);
    isRemembered = true;
    return good({ confirmation });
  }),
  'keeps bindings to itself': onBound(async (token, context) => {
    await verify(token, context);
    return good();
  }),
  'tells of another binding': onBound(async (token, context) => {
    await verify(token, context);
    return good({ confirmation: Object.freeze({ ...confirmation, thumbprint: 'other' }) });
  }),
  'throws by accident': async (token, context) => {
    if (token === '__proto__') throw new TypeError('cannot read properties of undefined');
    return verify(token, context);
  },
  'uses the clock of the host': (token, context) =>
    verify(token, { ...context, nowSeconds: contractNowSeconds }),
  'accepts what it cannot parse': async (token, context) =>
    token.includes('.') ? good() : verify(token, context),
  'mixes calls up': async (token, context) => {
    lastToken = token;
    await Promise.resolve();
    return verify(lastToken, context);
  },
  'needs somebody who waits': async (token, context) => {
    if (context.signal.aborted) throw new AuthError('upstream_unavailable');
    return verify(token, context);
  },
  'blames the token for an abort': async (token, context) => {
    if (context.signal.aborted) throw new AuthError('token_inactive');
    return verify(token, context);
  },
};

type Upstream = 'keys' | 'every token';

const asksNobodyWhenLimited: Verify = async (_token, { allowRemote }) =>
  Promise.reject(new AuthError(allowRemote ? 'upstream_unavailable' : 'rate_limited'));
const alwaysAsks: Verify = async () => Promise.reject(new AuthError('upstream_unavailable'));

const outages: Readonly<Record<string, readonly [Upstream, Verify]>> = {
  'none, asking about every token': ['every token', asksNobodyWhenLimited],
  'none, with keys': ['keys', alwaysAsks],
  'asks when it must not': ['every token', alwaysAsks],
  'fetches no keys for a bad neighbourhood': ['keys', asksNobodyWhenLimited],
  'blames the token for an outage': [
    'keys',
    async () => Promise.reject(new AuthError('token_inactive')),
  ],
};

function register(name: string, use: Verify, outage?: readonly [Upstream, Verify]): void {
  const create = (body: Verify) => (): TokenVerifier => ({ name: 'mutant', verify: body });
  const unknown = async () => 'a-token-that-nobody-knows';
  describe(name, () => {
    describeTokenVerifier({
      create: create(use),
      upstream:
        outage === undefined ? 'none' : { kind: outage[0], createWithOutage: create(outage[1]) },
      tokens: {
        valid: async () => valid,
        expired: async () => expired,
        garbage: unknown,
        tampered: unknown,
        notYetValid: unknown,
        otherIssuer: unknown,
        otherAudience: unknown,
        withoutAudience: unknown,
        senderConstrained: async () => bound,
      },
      validUntilSeconds: end,
    });
  });
}

for (const [name, use] of Object.entries(mutants)) register(name, use);
for (const [name, outage] of Object.entries(outages)) register(name, verify, outage);
