/** What an operator should know of API keys. No byte of a key is in it. */
export type ApiKeyEvent =
  /** The store cannot be read. Keys that were read in the last 4 seconds still answer, others get 503. */
  | {
      readonly type: 'api_keys_unavailable';
      /** `file` or `redis`. */
      readonly store: string;
      /** Why, and what to do. */
      readonly detail: string;
    }
  /** The store can be read again. */
  | { readonly type: 'api_keys_available'; readonly store: string; readonly outageSeconds: number }
  /** A record was changed without the secret. Its key is refused. */
  | { readonly type: 'api_key_record_changed'; readonly store: string; readonly id: string }
  /** The day of the last use could not be written. Once per day. */
  | {
      readonly type: 'api_key_use_not_recorded';
      readonly store: string;
      readonly detail: string;
    };
