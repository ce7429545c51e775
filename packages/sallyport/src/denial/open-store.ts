/** Opens the place of a list, for a person who waits. */
import type { DenialPlace } from '@sallyport/config';
import type { DenialStore } from '@sallyport/denial';
import { createFileDenialStore } from '@sallyport/denial/file';
import { createRedisDenialStore } from '@sallyport/denial/redis';
import { connectRedis } from '@sallyport/rate-limit-redis';
import { printable } from '../terminal/printable.ts';

/** An open store, and what has to be released after it. */
export interface OpenStore {
  readonly store: DenialStore;
  close(): void;
}

export async function openStore(place: DenialPlace): Promise<OpenStore> {
  if ('path' in place) return { store: createFileDenialStore({ path: place.path }), close() {} };
  const client = await connectRedis({ url: place.redisUrl.reveal(), timeoutSeconds: 1 });
  return { store: createRedisDenialStore({ client }), close: () => client.disconnect() };
}

/** Errors of clients may quote addresses. Those of file systems have a code. */
export function describeFault(error: unknown, { name }: DenialStore): string {
  if (error instanceof RangeError) return `${printable(name)}: more than 256 KiB`;
  const { code } = (error ?? {}) as { readonly code?: unknown };
  const why = typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code) ? code : 'no answer';
  return `${printable(name)} cannot be read or written (${why})`;
}
