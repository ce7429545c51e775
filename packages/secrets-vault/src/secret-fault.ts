import type { FaultyReading } from '@sallyport/cached-secrets';

const meanings: Readonly<Record<number, string>> = {
  412: 'not there yet',
  429: 'too many requests, or a standby node',
  472: 'a secondary for disaster recovery',
  473: 'a standby node',
  502: 'something behind it failed',
  503: 'sealed, or in maintenance',
};

/** What a status says that is neither an answer nor about permission. */
export function toFault(status: number): FaultyReading {
  const meaning = meanings[status];
  const detail = meaning === undefined ? `HTTP ${status}` : `HTTP ${status}: ${meaning}`;
  const mayPass = status >= 500 || meaning !== undefined;
  return { fault: mayPass ? 'unavailable' : 'rejected', detail };
}
