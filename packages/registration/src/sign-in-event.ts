/** What an operator should know of sign-ins. No field holds a byte of a token, a secret or a request. */
import { createReporter, type EventListener } from '@sallyport/core';
import type { OAuthErrorCode } from './http/answers.ts';

type SignInStep = 'register' | 'authorize' | 'consent' | 'callback' | 'token';

/** An event of the sign-in. */
export type SignInEvent =
  /**
   * A request was refused. Each combination of step and error is reported at most once in 10 seconds, because
   * strangers can send such requests.
   */
  | {
      readonly type: 'sign_in_refused';
      readonly step: SignInStep;
      readonly error: OAuthErrorCode;
      readonly detail?: string;
    }
  /**
   * The provider could not be asked, or answered what no client can use. Each combination of step and detail is
   * reported at most once in 10 seconds, because strangers can bring it about.
   */
  | { readonly type: 'sign_in_failed'; readonly step: SignInStep; readonly detail: string }
  /** The provider does not accept the credentials of this server. Reported at most once in 10 seconds. */
  | { readonly type: 'credentials_refused'; readonly endpoint: 'token'; readonly detail: string }
  /** There is no sealing key, so a random one is used. Reported once, and only in development. */
  | { readonly type: 'sealing_key_random'; readonly advice: string };

/** Reports events. */
export interface SignInReporter {
  refused(step: SignInStep, error: OAuthErrorCode, detail?: string): void;
  failed(step: SignInStep, detail: string): void;
  credentialsRefused(detail: string): void;
  keyIsRandom(): void;
}

const quietMs = 10_000;
// Some details hold an error code of the provider.
const mostKeys = 500;

/** @param now Clock, in milliseconds since the epoch. */
export function createSignInReporter(
  listener: EventListener | undefined,
  now: () => number,
): SignInReporter {
  const report = createReporter<SignInEvent>(listener as (event: SignInEvent) => void);
  const lastReports = new Map<string, number>();

  function reportOnce(key: string, event: SignInEvent): void {
    const last = lastReports.get(key);
    const time = now();
    if (last !== undefined && time >= last && time - last < quietMs) return;
    if (lastReports.size >= mostKeys) lastReports.clear();
    lastReports.set(key, time);
    report(event);
  }

  return {
    refused(step, error, detail) {
      const more = detail === undefined ? {} : { detail };
      reportOnce(`${step} ${error}`, { type: 'sign_in_refused', step, error, ...more });
    },
    failed(step, detail) {
      reportOnce(`failed ${step} ${detail}`, { type: 'sign_in_failed', step, detail });
    },
    credentialsRefused(detail) {
      reportOnce('credentials', { type: 'credentials_refused', endpoint: 'token', detail });
    },
    keyIsRandom: () =>
      report({
        type: 'sealing_key_random',
        advice:
          'Clients must sign in again after every restart. Set sealingKey to a Secret of 32 random bytes or more.',
      }),
  };
}
