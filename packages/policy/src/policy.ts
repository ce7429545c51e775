import {
  AuthError,
  type AuthorizationRule,
  type Checks,
  check,
  checkArgument,
  checkOptions,
  createReporter,
  type EventListener,
  type Principal,
  type RuleRequest,
} from '@sallyport/core';
import { type Call, readCalls } from '@sallyport/mcp-adapter';
import { readVerdict, type Verdict } from './verdict.ts';

/** What a caller wants to do. */
export type PolicyOperation = Pick<Call, 'kind' | 'method' | 'name'>;

/**
 * Decides about one operation. A batch is refused as a whole if one of its operations is denied.
 *
 * @param principal The verified caller.
 * @param operation Tools and prompts by their name, resources by their URI, everything else by its method. A
 *   resource is asked for once for each spelling that a server may take for it.
 * @param given The arguments of a tool or prompt, and otherwise the parameters. A client wrote them: any JSON value.
 */
export type Policy = (
  principal: Principal,
  operation: PolicyOperation,
  given: unknown,
) => Verdict | Promise<Verdict>;

/** What an operator should know of a policy on trial. */
export type PolicyEvent = {
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string;
  /** The server's own name for the operation, such as `tools/call pay`. */
  readonly operation: string;
} & (
  | { readonly type: 'policy_would_deny'; readonly reason: string }
  /** It threw an error, answered neither allow nor deny, or has too many answers outstanding. */
  | { readonly type: 'policy_would_fail'; readonly error: string }
);

/** Options for {@link createPolicy}. */
export interface PolicyOptions {
  /**
   * Asks the policy and only reports what it would refuse. Every operation that has its scopes is allowed, at once.
   * Default false.
   */
  readonly dryRun?: boolean;
  /** Receives what a policy on trial would refuse. Default: events are dropped. */
  readonly onEvent?: EventListener<PolicyEvent>;
}

const optionChecks: Checks<PolicyOptions> = {
  dryRun: check.optional(check.flag),
  onEvent: check.optional(check.callback),
};

/** Why the policy denies. `undefined`: it allows. */
type Outcome = string | undefined;

// A policy that never answers must not fill the memory while it is on trial.
const maximumTrials = 1_000;

/**
 * Creates a rule that asks a function after the scopes. It can only refuse: what the scopes do not allow
 * stays refused.
 *
 * If the function throws, answers neither {@link allow} nor {@link deny}, or takes more than 5 seconds, the request is
 * answered 503. A stream that is open is not asked about again.
 *
 * @example
 * ```ts
 * const policy = createPolicy((principal, { name }, given) =>
 *   name === 'pay' && !isSmall(given) ? deny('more than 1,000') : allow,
 * );
 * ```
 * @throws {ConfigError} When the policy is not a function, or an option is unknown or of the wrong type.
 */
export function createPolicy(policy: Policy, given: PolicyOptions = {}): AuthorizationRule {
  const decide = checkArgument('policy', policy, check.callback);
  const { dryRun = false, onEvent } = checkOptions('policy', given, optionChecks);
  const report = createReporter<PolicyEvent>(onEvent);
  let trials = 0;

  /** Answers at once if the policy does, so that the guard needs no timer. */
  function judge({ principal, operation }: RuleRequest): Outcome | Promise<Outcome> {
    const calls = readCalls(operation.message);
    const judgeFrom = (first: number): Outcome | Promise<Outcome> => {
      for (const [index, call] of calls.entries()) {
        if (index < first) continue;
        const { kind, method, name } = call;
        // Servers look up what is not a text in their own ways, so no policy can judge it by its name.
        if (name === '') return `a ${kind} without a name`;
        const given: unknown = decide(principal, { kind, method, name }, call.arguments);
        if (given instanceof Promise) {
          return given.then((verdict) => readVerdict(verdict) ?? judgeFrom(index + 1));
        }
        const reason = readVerdict(given);
        if (reason !== undefined) return reason;
      }
      return undefined;
    };
    return judgeFrom(0);
  }

  async function tryOut(request: RuleRequest): Promise<void> {
    const { issuer, subject, clientId } = request.principal;
    const about = { issuer, subject, clientId, operation: request.operation.name };
    if (trials >= maximumTrials) {
      report({ type: 'policy_would_fail', error: 'too many answers are outstanding', ...about });
      return;
    }
    trials += 1;
    try {
      const reason = await judge(request);
      if (reason !== undefined) report({ type: 'policy_would_deny', reason, ...about });
    } catch (error) {
      // Its message may hold anything.
      report({ type: 'policy_would_fail', error: nameOf(error), ...about });
    } finally {
      trials -= 1;
    }
  }

  return {
    name: 'policy',

    check(request) {
      if (dryRun) {
        void tryOut(request);
        return undefined;
      }
      const outcome = judge(request);
      return outcome instanceof Promise ? outcome.then(toRefusal) : toRefusal(outcome);
    },
  };
}

function toRefusal(reason: Outcome): AuthError | undefined {
  return reason === undefined ? undefined : new AuthError('policy_denied', { detail: reason });
}

function nameOf(error: unknown): string {
  return error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : typeof error;
}
