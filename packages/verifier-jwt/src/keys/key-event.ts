import type { KeyFault } from './import-jwk.ts';

/** Why a key of a set is not used. A closed list, for metrics. */
export type DropReason = KeyFault | 'duplicate key id' | 'too many';

/** An event of fetched keys. It contains no key and no key id. */
export type KeyEvent =
  /** `ttlSeconds`: the configured age after which the keys are fetched again. */
  | { readonly type: 'keys_loaded'; readonly count: number; readonly ttlSeconds: number }
  /** One per reason when a set is loaded. `private` and `symmetric` mean a published secret. */
  | { readonly type: 'keys_dropped'; readonly reason: DropReason; readonly count: number }
  | { readonly type: 'keys_unavailable'; readonly detail: string };

/** Whether an operator must act at once, because the authorization server publishes a secret key. */
export function isLeak(event: KeyEvent): boolean {
  return (
    event.type === 'keys_dropped' && (event.reason === 'private' || event.reason === 'symmetric')
  );
}
