import type { SecretFault } from './secret-fault.ts';

/** What happened to a secret. Nothing in it is a byte of one. */
export type SecretEvent =
  /** Each time it is read. `isNew` when the version or the value is another than before. */
  | {
      readonly type: 'secret_loaded';
      readonly name: string;
      readonly version: string;
      readonly isNew: boolean;
    }
  /** It could not be read, and the last good value stays in force. */
  | {
      readonly type: 'secret_stale';
      readonly name: string;
      /** The one in force. */
      readonly version: string;
      /** How long ago it was last read. */
      readonly ageSeconds: number;
      readonly fault: SecretFault;
      readonly detail: string;
    }
  /** It could not be read, and there is none to use instead. */
  | {
      readonly type: 'secret_unavailable';
      readonly name: string;
      readonly fault: SecretFault;
      readonly detail: string;
    }
  /** There is no such secret, or no such version. */
  | { readonly type: 'secret_not_found'; readonly name: string }
  /** We may not read it, or not log in. `remedy` is the policy, or the command, that changes this. */
  | { readonly type: 'secret_access_denied'; readonly name: string; readonly remedy: string }
  /** A version is not used, because `validate` refuses it. */
  | {
      readonly type: 'secret_refused';
      readonly name: string;
      readonly version: string;
      readonly problem: string;
    }
  /** Once per version: the newline at its end is not part of the value. */
  | {
      readonly type: 'secret_trailing_newline';
      readonly name: string;
      readonly version: string;
      readonly storedBytes: number;
      readonly usedBytes: number;
    };
