/** Why the gate accepts or refuses a token, for the command and for the live view. */
import type { Config } from '@sallyport/config';
import type { AskedAddress } from '../diagnosis/network-faults.ts';
import { firstBroken, type Step } from '../diagnosis/step.ts';
import { listApiKeySteps } from '../keys/explain-key.ts';
import { askGate, type GateVerdict } from './gate-verdict.ts';
import { listIntrospectionSteps } from './introspection-steps.ts';
import { listJwtSteps } from './jwt-steps.ts';
import { cureLocalRun } from './metadata/local-run.ts';
import { findProvider } from './providers.ts';
import { readExpectations } from './rules/expectations.ts';
import { findRules } from './rules/rules-of-issuer.ts';
import { listStaticSteps } from './static-steps.ts';
import { readTokenParts, type TokenParts } from './token-parts.ts';

/** What was found out about a token. */
export interface Explanation {
  readonly verdict: GateVerdict;
  readonly steps: readonly Step[];
  readonly parts: TokenParts | undefined;
  /** For people, such as `Auth0`. `undefined` for an unknown provider. */
  readonly provider: string | undefined;
}

/** How a token is explained. */
export interface ExplainTokenOptions {
  /** The tool that the token is tried for. Default: whatever needs no more than any other operation. */
  readonly tool?: string | undefined;
  /** Whether the issuer is the local authorization server of `sallyport dev`. Default false. */
  readonly isLocalIssuer?: boolean;
  /** Names the place of the keys, where it is not the one of the settings. */
  readonly keysFrom?: string;
  /** Ends questions to servers. */
  readonly signal: AbortSignal;
  /** Time of day, in milliseconds since the epoch. */
  readonly now: () => number;
}

// Each run of a local authorization server has another address and other keys.
const foreignCodes: ReadonlySet<unknown> = new Set(['token_issuer_untrusted', 'token_key_unknown']);

/**
 * Asks the configured gate about a token, and says what each check came to. Nothing is counted, logged or kept.
 */
export async function explainToken(
  config: Config,
  token: string,
  { tool, isLocalIssuer, keysFrom, signal, now }: ExplainTokenOptions,
): Promise<Explanation> {
  const verdict = await askGate(config, token, { tool, signal });
  const parts = readTokenParts(token);
  const issuer = parts?.claims['iss'];
  const rules = await findRules(config, issuer);
  const provider = findProvider(rules, issuer);
  const facts = {
    verdict,
    provider,
    expectations: { ...readExpectations(rules.config, tool), ...rules.expected },
  };
  const named = { verdict, parts, provider: provider?.title };
  const { authentication } = rules.config;
  const { apiKeys } = config;
  if (token.startsWith('sallyport_') || authentication.type === 'api-key') {
    return { ...named, steps: listApiKeySteps(verdict, apiKeys !== undefined) };
  }
  if (authentication.type === 'introspection') {
    const asked = {
      url: authentication.url,
      variable: 'FASTMCP_SERVER_AUTH_INTROSPECTION_URL',
    };
    return { ...named, steps: listIntrospectionSteps({ ...facts, asked }) };
  }
  if (authentication.type !== 'jwt') return { ...named, steps: listStaticSteps(verdict) };
  const { keys } = authentication;
  const keysAt: AskedAddress | undefined =
    keys.kind !== 'jwks'
      ? undefined
      : keysFrom === undefined
        ? { url: keys.url, variable: 'FASTMCP_SERVER_AUTH_JWT_JWKS_URI' }
        : { url: keysFrom, variable: '--jwks' };
  const nowSeconds = Math.floor(now() / 1_000);
  const steps = listJwtSteps({ ...facts, keysAt, parts, nowSeconds }).map(rules.name);
  const isForeign = foreignCodes.has(verdict.code);
  return {
    ...named,
    steps: isLocalIssuer && isForeign ? cureLocalRun(steps, config.resource, issuer) : steps,
  };
}

/** What a program learns of an explanation. It holds no part of the token but what the steps quote. */
export interface ExplanationSummary {
  readonly accepted: boolean;
  /** Status of the answer to the client. */
  readonly status: number;
  readonly code?: string;
  readonly provider?: string;
  /** The first broken step, who can repair it, and how. */
  readonly firstBroken?: string;
  readonly owner?: string;
  readonly cure?: string;
  readonly steps: readonly Step[];
}

export function summarize({ verdict, steps, provider }: Explanation): ExplanationSummary {
  const { code, status } = verdict;
  const first = firstBroken(steps);
  return {
    accepted: code === undefined,
    status,
    ...(code !== undefined && { code }),
    ...(provider !== undefined && { provider }),
    ...(first && { firstBroken: first.name, owner: first.owner, cure: first.cure }),
    steps,
  };
}
