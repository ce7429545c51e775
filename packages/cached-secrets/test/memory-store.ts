/** A store in this process, which tests can change and break. */
import { ConfigError } from '@sallyport/core';
import {
  type CachedSecrets,
  type CachedSecretsOptions,
  createCachedSecrets,
  type Reading,
} from '../src/index.ts';

/** What no event, error or log may show. */
export const canary = 'kX3vQ9mZrT7bW2pLdF5hJ8nC';

/** How the store answers. */
export type Behaviour = 'answers' | 'fails' | 'hangs';

export function createMemoryStore(initial: Behaviour = 'answers') {
  const versions = new Map<string, readonly string[]>([['key', [canary]]]);
  const asked: string[] = [];
  let behaviour = initial;
  let hangs = 0;
  let running = 0;
  let mostAtOnce = 0;
  let fault: Reading = { fault: 'rejected', detail: 'it was refused' };

  async function answer(name: string, signal: AbortSignal): Promise<Reading> {
    if (behaviour === 'fails') return fault;
    if (behaviour === 'hangs' || hangs > 0) {
      hangs -= 1;
      return hangUntilAborted(signal);
    }
    const values = versions.get(name) ?? [];
    const value = values.at(-1);
    if (value === undefined) return { fault: 'not_found', detail: 'there is no such secret' };
    return { value, version: String(values.length) };
  }

  return {
    put(value: string, name = 'key') {
      versions.set(name, [...(versions.get(name) ?? []), value]);
    },
    remove: (name: string) => void versions.delete(name),
    /** From now on every request fails, in this way. */
    fail(reading: Reading = fault) {
      fault = reading;
      behaviour = 'fails';
    },
    hang(times?: number) {
      if (times === undefined) behaviour = 'hangs';
      else hangs = times;
    },
    restore() {
      behaviour = 'answers';
    },
    readings: (name = 'key') => asked.filter((each) => each === name).length,
    mostReadingsAtOnce: () => mostAtOnce,
    async read(name: string, signal: AbortSignal): Promise<Reading> {
      asked.push(name);
      running += 1;
      mostAtOnce = Math.max(mostAtOnce, running);
      try {
        // As a client with a timeout for each request does.
        return await answer(name, AbortSignal.any([signal, AbortSignal.timeout(1_000)]));
      } finally {
        running -= 1;
      }
    },
  };
}

/** No answer comes. A socket would keep the process alive as this timer does. */
export function hangUntilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const socket = setTimeout(() => {}, 60_000);
    signal.addEventListener('abort', () => {
      clearTimeout(socket);
      reject(signal.reason);
    });
  });
}

/** The rule for names: `key` and `key@latest` are the same. */
export function canonicalName(name: string): string {
  const [, secret] = /^([a-z0-9-]{1,255})(?:@latest)?$/.exec(name) ?? [];
  if (secret !== undefined) return secret;
  throw new ConfigError('memory.name', 'must be lower case letters, digits and -');
}

/** A provider for a store. */
export function openStore(
  { read }: Pick<CachedSecretsOptions, 'read'>,
  options: Partial<CachedSecretsOptions> = {},
): CachedSecrets {
  return createCachedSecrets({ name: 'memory', canonicalName, read, ...options });
}
