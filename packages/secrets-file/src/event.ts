/** Why a file could not be read. A closed list, for metrics. */
export type FileFault =
  | 'not_found'
  | 'access_denied'
  | 'no_file'
  | 'outside'
  | 'too_long'
  | 'empty'
  | 'not_text'
  | 'unreadable';

/** What an operator should know of files. No byte of a value is in it. */
export type FileSecretsEvent =
  /** A file was read for the first time, or has changed. */
  | {
      readonly type: 'secret_loaded';
      readonly name: string;
      /** When it was last written. */
      readonly version: string;
      readonly isNew: boolean;
    }
  /** It cannot be used now, and the text it had before stays in force. */
  | {
      readonly type: 'secret_stale';
      readonly name: string;
      readonly version: string;
      readonly fault: FileFault;
      readonly detail: string;
    }
  /** Once per version: the newline at its end is not part of the value. */
  | {
      readonly type: 'secret_trailing_newline';
      readonly name: string;
      readonly version: string;
      readonly storedBytes: number;
      readonly usedBytes: number;
    };
