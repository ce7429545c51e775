/** Checkpoint 2: the scopes of an operation, and then the rules. */

import { AuthError } from '../errors.ts';
import { explainMissingScopes } from '../scopes/missing-scopes.ts';
import type { RequestName } from '../scopes/request-name.ts';
import type { ScopePolicy } from '../scopes/scope-policy.ts';
import type { Principal } from '../token/token-verifier.ts';
import { askRules } from './ask-rules.ts';
import type { AuthorizationRule, RuleRequest } from './authorization-rule.ts';
import type { Decisions } from './decisions.ts';
import type { Guard, GuardRequest, GuardResult, Operation } from './guard-contract.ts';
import type { FailureSource } from './unexpected-failure.ts';

/** What checkpoint 2 is made of. */
export interface AuthorizationOptions {
  readonly decisions: Decisions;
  readonly scopePolicy: ScopePolicy;
  readonly requiredScopes: readonly string[];
  readonly initialScopes: readonly string[];
  readonly requestName: RequestName;
  readonly rules: readonly AuthorizationRule[];
  readonly now: () => number;
}

/** The methods of a guard that belong to checkpoint 2. */
export interface Authorization extends Pick<Guard, 'authorize' | 'permits' | 'watch'> {
  /** Asks the rules that apply to open streams. `undefined`: none of them refuses. */
  askAgain(
    principal: Principal,
    operation: Operation,
    request: GuardRequest,
  ): Promise<GuardResult | undefined>;
}

export function createAuthorization({
  decisions: { toAuthError, record, refuse },
  scopePolicy,
  requiredScopes,
  initialScopes,
  requestName,
  rules,
  now,
}: AuthorizationOptions): Authorization {
  const streamRules = rules.filter(({ appliesToOpenStreams }) => appliesToOpenStreams === true);
  const watchers = rules.filter(isWatcher);
  const knownScopes = (scopes: readonly string[]) => new Set([...scopes, ...initialScopes]);
  const allScopes = ({ scopes }: Operation) => [...new Set([...requiredScopes, ...scopes])];

  /** Decides about one operation of one caller. */
  function decisionOf(principal: Principal, operation: Operation, request?: GuardRequest) {
    const { clientKey, trace, signal } = request ?? {};
    const scopes = allScopes(operation);
    const about = {
      operation: operation.name,
      ...(clientKey !== undefined && { clientKey }),
      ...identity(principal),
      ...(trace && { trace }),
    };
    function fail(error: unknown, source: FailureSource): GuardResult {
      const scheme = principal.confirmation?.method === 'jkt' ? 'DPoP' : 'Bearer';
      const challenge = { scopes: scopes.map(requestName), scheme } as const;
      return refuse(toAuthError(error, source, request), { challenge, about, request });
    }
    return {
      scopes,
      fail,

      accept(): GuardResult {
        try {
          record({ event: 'authorized', ...about });
          return { ok: true, principal };
        } catch (error) {
          return fail(error, 'audit');
        }
      },

      asked: (): RuleRequest => ({
        principal,
        operation: operation.name,
        calls: operation.calls ?? [],
        clientKey,
        nowSeconds: Math.floor(now() / 1_000),
        signal,
      }),
    };
  }

  return {
    authorize(principal, operation, request) {
      const { scopes, fail, accept, asked } = decisionOf(principal, operation, request);
      try {
        const missing = scopePolicy.missing(principal.scopes, scopes);
        if (missing.length > 0) {
          const detail = explainMissingScopes(principal, missing, knownScopes(scopes));
          return fail(new AuthError('scope_insufficient', { detail }), 'scope_policy');
        }
      } catch (error) {
        return fail(error, 'scope_policy');
      }
      if (rules.length === 0) return accept();
      return askRules(rules, asked()).then((refusal) =>
        refusal === undefined ? accept() : fail(refusal, 'rule'),
      );
    },

    async askAgain(principal, operation, request) {
      if (streamRules.length === 0) return undefined;
      const { fail, asked } = decisionOf(principal, operation, request);
      const refusal = await askRules(streamRules, asked());
      return refusal === undefined ? undefined : fail(refusal, 'rule');
    },

    permits(granted, operation) {
      try {
        return scopePolicy.missing(granted, allScopes(operation)).length === 0;
      } catch (error) {
        toAuthError(error, 'scope_policy');
        return false;
      }
    },

    ...(watchers.length > 0 && {
      watch(request, principal, operation, end) {
        const { fail, asked } = decisionOf(principal, operation, request);
        let isOpen = true;
        const refuseStream = (reason: unknown) => {
          if (!isOpen) return;
          isOpen = false;
          fail(reason, 'rule');
          end();
        };
        const stops = watchers.map((rule): unknown => {
          try {
            return rule.watch(asked(), refuseStream);
          } catch (error) {
            return refuseStream(error);
          }
        });
        return () => {
          isOpen = false;
          for (const stop of stops) if (typeof stop === 'function') stop();
        };
      },
    }),
  };
}

function isWatcher(
  rule: AuthorizationRule,
): rule is AuthorizationRule & Required<Pick<AuthorizationRule, 'watch'>> {
  return rule.watch !== undefined;
}

/** The caller, for the audit log. */
export function identity({
  issuer,
  subject,
  clientId,
}: Principal): Pick<Principal, 'issuer' | 'subject' | 'clientId'> {
  return { issuer, subject, clientId };
}
