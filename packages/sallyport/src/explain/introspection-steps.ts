/** The checks of an opaque token: one question to the authorization server, then its answer. */
import type { AuthErrorCode } from '@sallyport/core';
import { type AskedAddress, readNetworkFault } from '../diagnosis/network-faults.ts';
import { failed, notReached, passed, type Step } from '../diagnosis/step.ts';
import { printable } from '../terminal/printable.ts';
import { findCure } from './cures/find-cure.ts';
import type { Refused } from './cures/rule.ts';
import type { GateVerdict } from './gate-verdict.ts';
import { type JwtStep, stepOfRefusal } from './step-of-verdict.ts';

const names = [
  'question',
  'active',
  'issuer',
  'audience',
  'binding',
  'kind',
  'claims',
  'times',
  'scopes',
] as const;
type Name = (typeof names)[number];

const summaries: Readonly<Record<Name, string>> = {
  question: 'the authorization server answers, and accepts this server as a client',
  active: 'the authorization server calls the token active',
  issuer: 'as configured',
  audience: 'names this server',
  binding: 'a bearer token',
  kind: 'an access token',
  claims: 'all that are required',
  times: 'within its time',
  scopes: 'all that are required',
};

const variables = {
  issuer: 'FASTMCP_SERVER_AUTH_AUTHORIZATION_SERVERS',
  audience: 'FASTMCP_SERVER_AUTH_INTROSPECTION_AUDIENCE',
};

/** What the steps are made of. */
export interface IntrospectionFacts
  extends Omit<Refused, 'step' | 'detail' | 'keysAt' | 'variables'> {
  readonly verdict: GateVerdict;
  readonly asked: AskedAddress;
}

/** Lists every check of an opaque token. */
export function listIntrospectionSteps(facts: IntrospectionFacts): readonly Step[] {
  const { code, detail } = facts.verdict;
  const broken = code === undefined ? undefined : nameOf(code, detail);
  const end = broken === undefined ? names.length : names.indexOf(broken);
  return names.map((name, index) => {
    if (index < end) return passed(name, summaries[name]);
    if (index > end) return notReached(name, 'not reached');
    return fail(name, facts);
  });
}

function nameOf(code: AuthErrorCode, detail: string): Name {
  if (code === 'upstream_unavailable' || code === 'rate_limited') return 'question';
  if (code === 'token_inactive' || code.startsWith('credentials')) return 'active';
  const step: JwtStep = stepOfRefusal(code, detail);
  return names.find((name) => name === step) ?? 'kind';
}

function fail(name: Name, facts: IntrospectionFacts): Step {
  const { detail, events } = facts.verdict;
  const summary = printable(detail.replace(/^introspection: /, '') || 'refused');
  if (name === 'question') {
    const isRefused = events.some(({ type }) => type === 'credentials_refused');
    return failed(name, {
      summary,
      ...(isRefused
        ? {
            owner: 'this server',
            cure: 'Correct FASTMCP_SERVER_AUTH_INTROSPECTION_CLIENT_ID and FASTMCP_SERVER_AUTH_INTROSPECTION_CLIENT_SECRET: the authorization server refuses them. Allow this client to introspect.',
          }
        : readNetworkFault(detail, facts.asked)),
    });
  }
  if (name === 'active') {
    return failed(name, {
      summary,
      owner: 'the client',
      cure: 'The token expired, was revoked, or is of another authorization server. The client must get a new one.',
    });
  }
  const cure = findCure({ ...facts, variables, keysAt: undefined, step: name, detail });
  const { issuer, audiences, scopes } = facts.expectations;
  const expected = { issuer, audience: audiences?.join(' or '), scopes: scopes.join(' ') }[
    name as 'issuer'
  ];
  return failed(name, { summary, ...(expected && { expected }), ...cure });
}
