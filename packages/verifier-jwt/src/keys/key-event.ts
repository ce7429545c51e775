import type { KeyFault } from './import-jwk.ts';

/** Why a key of a set is not used. A closed list, for metrics. */
export type DropReason = KeyFault | 'duplicate key id' | 'too many';

/** What happened to keys that are fetched. Nothing in it is a key, or a name that one was given. */
export type KeyEvent =
  | { readonly type: 'keys_loaded'; readonly count: number }
  /** Each time a set is loaded, for each reason. `private` and `symmetric`: secrets are published. */
  | { readonly type: 'keys_dropped'; readonly reason: DropReason; readonly count: number }
  | { readonly type: 'keys_unavailable'; readonly detail: string };

/** Whether an operator must act at once: the authorization server shows its secrets to everybody. */
export function isLeak(event: KeyEvent): boolean {
  return (
    event.type === 'keys_dropped' && (event.reason === 'private' || event.reason === 'symmetric')
  );
}
