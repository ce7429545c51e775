/** The checks of a JWT, one by one: what the gate decided, and what the token and the settings say. */
import { failed, notReached, passed, type Step } from '../diagnosis/step.ts';
import { describeInstant, describeSeconds } from '../terminal/describe-time.ts';
import { printable } from '../terminal/printable.ts';
import { findCure } from './cures/find-cure.ts';
import { type Cure, type Refused, variable } from './cures/rule.ts';
import type { GateVerdict } from './gate-verdict.ts';
import type { Expectations } from './rules/expectations.ts';
import { type JwtStep, jwtSteps, stepOfRefusal } from './step-of-verdict.ts';
import type { TokenParts } from './token-parts.ts';

/** All that the steps are made of. */
export interface JwtFacts extends Omit<Refused, 'step' | 'detail' | 'variables'> {
  readonly verdict: GateVerdict;
  /** `undefined` for what is not a JWT. */
  readonly parts: TokenParts | undefined;
  readonly nowSeconds: number;
}

const variables = { issuer: variable('ISSUER'), audience: variable('AUDIENCE') };

/** Lists every check. Those behind the first broken one say what the token would meet there. */
export function listJwtSteps(facts: JwtFacts): readonly Step[] {
  const { code, detail } = facts.verdict;
  const broken = code === undefined ? undefined : stepOfRefusal(code, detail);
  const end = broken === undefined ? jwtSteps.length : jwtSteps.indexOf(broken);
  return jwtSteps.map((name, index) => {
    if (index < end) return passed(name, describe(name, facts));
    if (index > end) return notReached(name, foresee(name, facts));
    return fail(name, facts);
  });
}

function fail(name: JwtStep, facts: JwtFacts): Step {
  const { detail } = facts.verdict;
  const { owner, cure }: Cure = findCure({ ...facts, variables, step: name, detail });
  const isOfScopes = name !== 'scopes' || detail.startsWith('missing');
  const expected = isOfScopes
    ? (expectedOf(name, facts.expectations) ?? configuredIn(detail))
    : undefined;
  const found = isOfScopes ? foundOf(name, facts) : undefined;
  return failed(name, {
    summary: printable(shorten(detail, expected) || (facts.verdict.code ?? 'refused')),
    ...(expected !== undefined && { expected: printable(expected) }),
    ...(found !== undefined && { found: printable(found) }),
    owner,
    cure,
  });
}

/** Without the claim, which is the name of the step, and without what stands below it as expected. */
function shorten(detail: string, expected: string | undefined): string {
  const plain = detail.replace(/^(?:aud|iss \(not verified\)|header: \w+|exp|nbf|iat): /, '');
  return expected === undefined
    ? plain
    : plain.replace(/; configured: [^;]*/, '').replace(` from ${expected}`, '');
}

/** A preset knows more than the settings say, and the log line quotes it. */
function configuredIn(detail: string): string | undefined {
  return /(?:configured: |\) from | slash from | host from )(\S+?)(?:;|,|$)/.exec(detail)?.[1];
}

function expectedOf(
  name: JwtStep,
  { issuer, audiences, clientIds, algorithm, scopes }: Expectations,
): string | undefined {
  switch (name) {
    case 'issuer':
      return issuer;
    case 'algorithm':
      return algorithm;
    case 'audience':
      return (
        audiences?.join(' or ') ??
        (clientIds.length > 0 ? `a client of ${clientIds.join(', ')}` : undefined)
      );
    case 'scopes':
      return scopes.join(' ');
    default:
      return undefined;
  }
}

function foundOf(name: JwtStep, facts: JwtFacts): string | undefined {
  const { parts, nowSeconds } = facts;
  if (parts === undefined) return undefined;
  const { header, claims } = parts;
  switch (name) {
    case 'issuer':
      return textOf(claims['iss']);
    case 'algorithm':
      return textOf(header['alg']);
    case 'type':
      return textOf(header['typ']);
    case 'key':
      return `kid ${textOf(header['kid'])}`;
    case 'audience':
      return textOf(claims['aud']);
    case 'times':
      return describeTimes(claims, nowSeconds);
    case 'scopes':
      return textOf(claims['scope'] ?? claims['scp'] ?? claims['scopes']);
    default:
      return undefined;
  }
}

function describe(name: JwtStep, facts: JwtFacts): string {
  const { header = {} } = facts.parts ?? {};
  if (name === 'type' && header['typ'] === undefined) return 'none is given';
  if (name === 'key' && header['kid'] === undefined) return 'the only one';
  if (name === 'form') return 'a JWT with three parts';
  if (name === 'signature') return 'holds';
  if (name === 'binding') return 'a bearer token';
  if (name === 'kind') return 'an access token';
  if (name === 'claims') return 'all that are required';
  return printable(foundOf(name, facts) ?? 'in order');
}

/** A forecast from the text of the token, which nothing vouches for. */
function foresee(name: JwtStep, facts: JwtFacts): string {
  const { parts, expectations, nowSeconds } = facts;
  const unknown = 'not reached';
  if (parts === undefined) return unknown;
  const { claims, header } = parts;
  const say = (isGood: boolean) => (isGood ? 'not reached; would pass' : 'not reached; would fail');
  const found = foundOf(name, facts);
  const told = (isGood: boolean) =>
    `${say(isGood)}${found === undefined ? '' : `: ${printable(found)}`}`;
  switch (name) {
    case 'algorithm':
      return expectations.algorithm === undefined
        ? unknown
        : told(header['alg'] === expectations.algorithm);
    case 'audience': {
      const { audiences } = expectations;
      const named = [claims['aud']].flat();
      return audiences === undefined ? unknown : told(audiences.some((own) => named.includes(own)));
    }
    case 'times': {
      const { exp, nbf, iat } = claims;
      const tolerance = expectations.toleranceSeconds;
      const starts = [nbf, iat].filter((time) => typeof time === 'number');
      const isOver = typeof exp !== 'number' || exp + tolerance <= nowSeconds;
      return told(!isOver && starts.every((time) => time - tolerance <= nowSeconds));
    }
    case 'scopes': {
      const granted = [claims['scope'] ?? claims['scp'] ?? []].flat().join(' ').split(/\s+/);
      return told(expectations.scopes.every((scope) => granted.includes(scope)));
    }
    default:
      return unknown;
  }
}

function describeTimes({ exp, iat, nbf }: TokenParts['claims'], nowSeconds: number): string {
  const start = [nbf, iat].find((time) => typeof time === 'number' && time > nowSeconds);
  if (typeof start === 'number') {
    return `begins in ${describeSeconds(start - nowSeconds)}, at ${describeInstant(start)}`;
  }
  if (typeof exp !== 'number') return 'no "exp"';
  const left = exp - nowSeconds;
  return left > 0
    ? `expires in ${describeSeconds(left)}`
    : `expired ${describeSeconds(left)} ago, at ${describeInstant(exp)}`;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'absent';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
