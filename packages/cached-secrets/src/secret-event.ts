import type { SecretFault } from './secret-fault.ts';
/** What happened to a secret. No event contains a byte of its value. */
export type SecretEvent =
  /** It was read. `isNew` when its version or value differs from the last one. */
  | {
      readonly type: 'secret_loaded';
      readonly name: string;
      readonly version: string;
      readonly isNew: boolean;
    }
  /** It could not be read, and the last good value stays in use. */
  | {
      readonly type: 'secret_stale';
      readonly name: string;
      /** The version in use. */
      readonly version: string;
      /** How long ago it was last read. */
      readonly ageSeconds: number;
      readonly fault: SecretFault;
      readonly detail: string;
    }
  /** It could not be read, and there is no value to use instead. */
  | {
      readonly type: 'secret_unavailable';
      readonly name: string;
      readonly fault: SecretFault;
      readonly detail: string;
    }
  /** There is no such secret, or no such version. */
  | {
      readonly type: 'secret_not_found';
      readonly name: string;
    }
  /** The backend refuses access or login. `remedy` is the command or policy that changes this. */
  | {
      readonly type: 'secret_access_denied';
      readonly name: string;
      readonly remedy: string;
    }
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
