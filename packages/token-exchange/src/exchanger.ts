/** What every form of exchange shares: one request per token and target, and a bounded memory. */
import { createHash } from 'node:crypto';
import { type ClientAuthentication, isClientRefused } from '@sallyport/client-authentication';
import {
  type Checks,
  ConfigError,
  check,
  createReporter,
  type Environment,
  type EventListener,
  isAuthError,
  type Secret,
  type TokenExchange,
  type UpstreamToken,
} from '@sallyport/core';
import { createGuardedFetch, type GuardedFetch } from '@sallyport/guarded-fetch';
import { LRUCache } from 'lru-cache';
import { type ExchangeEvent, toExchangeEvent } from './exchange-event.ts';
import { readAnswer } from './token-answer.ts';
import { TokenExchangeError } from './token-exchange-error.ts';

/** Options of every form of exchange. */
export interface CommonOptions {
  /** The credentials of this server at the authorization server. */
  readonly clientAuthentication: ClientAuthentication;
  /** Where the program runs. In production nothing of this machine is connected to. */
  readonly environment: Environment;
  /** Time for one exchange in all, in seconds: 1 to 60. Default 10. */
  readonly timeoutSeconds?: number;
  /** Default 10,000 tokens; 0: each call asks anew. */
  readonly cache?: { readonly maximumTokens: number };
  /** For an authorization server in one's own network. Default false. */
  readonly allowPrivateNetwork?: boolean;
  /** An HTTP proxy to send everything through. Default none. */
  readonly proxyUrl?: string;
  /** Receives an event for each exchange that gave no token. Default: events are dropped. */
  readonly onEvent?: EventListener<ExchangeEvent>;
  /** Clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** The run-time check of {@link CommonOptions}. */
export const commonChecks: Checks<CommonOptions> = {
  clientAuthentication: check.shape('a client authentication', { present: 'function' }),
  environment: check.environment,
  timeoutSeconds: check.optional(check.number),
  cache: check.optional(check.options<{ maximumTokens: number }>({ maximumTokens: check.number })),
  allowPrivateNetwork: check.optional(check.flag),
  proxyUrl: check.optional(check.text),
  onEvent: check.optional(check.callback),
  now: check.optional(check.callback),
};

/** One form of asking. */
export interface ExchangeForm<Target> {
  readonly url: string;
  readonly targets: Readonly<Record<string, Target>>;
  /** What `issued_token_type` must be there for; `undefined` where the form has none. */
  readonly issuedTokenType: string | undefined;
  readonly scopesOf: (target: Target) => readonly string[];
  readonly parametersFor: (
    subjectToken: string,
    target: Target,
  ) => readonly (readonly [name: string, value: string])[];
}

// Long enough for the call that the token is for.
const marginSeconds = 30;

export function createExchanger<Target>(
  options: CommonOptions,
  form: ExchangeForm<Target>,
): TokenExchange {
  const { clientAuthentication, now = Date.now, timeoutSeconds = 10 } = options;
  const { maximumTokens = 10_000 } = options.cache ?? {};
  if (!(timeoutSeconds >= 1 && timeoutSeconds <= 60)) {
    throw new ConfigError('exchange.timeoutSeconds', 'must be from 1 to 60');
  }
  if (!(Number.isInteger(maximumTokens) && maximumTokens >= 0 && maximumTokens <= 1_000_000)) {
    throw new ConfigError(
      'exchange.cache.maximumTokens',
      'must be a whole number from 0 to 1000000',
    );
  }
  const targets = new Map(Object.entries(form.targets));
  if (targets.size === 0) throw new ConfigError('exchange.targets', 'must name at least one');
  const endpoint: GuardedFetch = createGuardedFetch({
    url: form.url,
    option: 'exchange.url',
    environment: options.environment,
    timeoutSeconds,
    readStatuses: [400, 401, 403],
    ...(options.allowPrivateNetwork !== undefined && {
      allowPrivateNetwork: options.allowPrivateNetwork,
    }),
    ...(options.proxyUrl !== undefined && { proxyUrl: options.proxyUrl }),
  });
  const known = maximumTokens > 0 ? new LRUCache<string, Kept>({ max: maximumTokens }) : undefined;
  const asking = new Map<string, Promise<UpstreamToken>>();
  const closed = new AbortController();
  const report = createReporter(options.onEvent);

  /** @param name `undefined` where a tool asked for what is no target: it may repeat its input. */
  function fail(error: unknown, name?: string): never {
    const failure = toExchangeError(error);
    // What fails because the server stops is no failure.
    if (!closed.signal.aborted) report(toExchangeEvent(failure, name));
    throw failure;
  }

  async function send(
    subjectToken: string,
    target: Target,
    { isRefused, signal }: { readonly isRefused: boolean; readonly signal: AbortSignal },
  ) {
    const presented = clientAuthentication.present(isRefused);
    const { headers, parameters } = await unlessAborted(presented, signal);
    const body = new URLSearchParams();
    for (const [name, value] of form.parametersFor(subjectToken, target)) body.append(name, value);
    for (const [name, value] of Object.entries(parameters)) body.set(name, value);
    return endpoint.request({ headers, body, signal });
  }

  async function ask(subjectToken: string, target: Target): Promise<UpstreamToken> {
    const asked = {
      scopes: form.scopesOf(target),
      issuedTokenType: form.issuedTokenType,
      nowSeconds: Math.floor(now() / 1_000),
    };
    const timeout = AbortSignal.timeout(timeoutSeconds * 1_000);
    const signal = AbortSignal.any([closed.signal, timeout]);
    try {
      let response = await send(subjectToken, target, { isRefused: false, signal });
      if (isClientRefused(response) && clientAuthentication.canChange) {
        // Our secret may have been changed a moment ago: once more with the one in force.
        response = await send(subjectToken, target, { isRefused: true, signal });
      }
      return readAnswer(response, asked);
    } catch (cause) {
      if (!timeout.aborted) throw cause;
      const detail = `no answer within ${timeoutSeconds} s`;
      throw new TokenExchangeError('upstream_unavailable', { cause, detail });
    }
  }

  return {
    async exchange(subjectToken, name, { expiresAt, signal }) {
      const target = targets.get(name);
      if (target === undefined) return fail(new TokenExchangeError('target_unknown'));
      const key = keyOf(subjectToken, name);
      const kept = known?.get(key);
      if (kept !== undefined && now() < kept.until) return kept.token;

      let answer = asking.get(key);
      if (answer === undefined) {
        answer = ask(subjectToken.reveal(), target).catch((error) => fail(error, name));
        asking.set(key, answer);
        const done = () => void asking.delete(key);
        answer.then((token) => {
          done();
          const until = Math.min(expiresAt, (token.expiresAt ?? 0) - marginSeconds) * 1_000;
          if (now() < until) known?.set(key, { token, until });
        }, done);
      }
      return unlessAborted(answer, signal);
    },

    async close() {
      closed.abort();
      known?.clear();
      await endpoint.close();
    },
  };
}

interface Kept {
  readonly token: UpstreamToken;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** The token itself is not kept. */
function keyOf(subjectToken: Secret, target: string): string {
  return createHash('sha256')
    .update(`${target.length}:${target}${subjectToken.reveal()}`)
    .digest('base64');
}

/** Other callers may wait for the same answer, so one caller's abort does not cancel it. */
function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () =>
      reject(new TokenExchangeError('upstream_unavailable', { detail: 'given up' }));
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

function toExchangeError(error: unknown): TokenExchangeError {
  if (error instanceof TokenExchangeError) return error;
  const { detail = 'unexpected failure' } = isAuthError(error) ? error : {};
  return new TokenExchangeError('upstream_unavailable', { cause: error, detail });
}
