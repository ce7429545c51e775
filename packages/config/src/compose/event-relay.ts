import type { ConfigListener } from '../config-event.ts';

/** Passes events on, and keeps those that came before the first listener. */
export interface EventRelay {
  readonly emit: ConfigListener;
  /** Sets the listener, unless there is one. */
  connect(listener: ConfigListener): void;
}

/**
 * Holds events until there is a listener: the parts of a gate exist before the gate whose log they share.
 *
 * @param listener Who listens from the start, if anybody does.
 */
export function createEventRelay(listener?: ConfigListener): EventRelay {
  let target = listener;
  const held: Parameters<ConfigListener>[0][] = [];
  return {
    emit(event) {
      if (target === undefined) held.push(event);
      else target(event);
    },

    connect(next) {
      target ??= next;
      for (const event of held.splice(0)) target(event);
    },
  };
}
