/** Events for operators. The decisions about requests are audit events. */
import { check } from '../options/check.ts';
import { checkArgument } from '../options/options.ts';

/**
 * Something that happened to keys, secrets, connections or the gate itself. `type` comes from a
 * closed list of the package that reports it. No field holds a byte of a token or a secret.
 */
export interface OperationalEvent {
  readonly type: string;
  readonly [detail: string]: unknown;
}

/** Receives events. Sallyport ignores what it throws: a broken log must not refuse a request. */
export type EventListener<Event extends OperationalEvent = OperationalEvent> = (
  event: Event,
) => void;

/**
 * Wraps a listener so that a call never throws, and a rejected promise of it is ignored.
 *
 * @param listener Default: every event is dropped.
 * @param option The name of the listener, for the error. Default `onEvent`.
 * @throws {ConfigError} When the listener is not a function.
 */
export function createReporter<Event = OperationalEvent>(
  listener?: (event: Event) => void,
  option = 'onEvent',
): (event: Event) => void {
  checkArgument(option, listener, check.optional(check.callback));
  if (listener === undefined) return () => {};
  return (event) => {
    try {
      const given: unknown = listener(event);
      // An asynchronous listener that rejects would end the process.
      if (given instanceof Promise) given.catch(() => {});
    } catch {
      // The event is lost. The request or the refresh that it describes goes on.
    }
  };
}
