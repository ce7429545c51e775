import type { EventListener } from '@sallyport/core';

const everyMs = 60_000;

/**
 * Reports now, and every minute, that everybody is let in.
 *
 * @returns What ends it.
 */
export function remindOfOpenGate(onEvent: EventListener): () => void {
  const say = () => onEvent({ type: 'authentication_omitted' });
  say();
  const timer = setInterval(say, everyMs);
  // Only Node.js, Deno and Bun have it. The reminder must not keep a process alive.
  (timer as { unref?(): unknown }).unref?.();
  return () => clearInterval(timer);
}
