/** What an operator should know of variables. No byte of a value is in it. */
export type EnvSecretsEvent =
  /** Once per name: a newline at the end of a value, as `echo` writes one, is not part of it. */
  | {
      readonly type: 'secret_trailing_newline';
      readonly name: string;
      readonly version: string;
      /** Length in UTF-8. */
      readonly storedBytes: number;
      /** Length of what is used, in UTF-8. */
      readonly usedBytes: number;
    }
  /** A file was named, and is not read because this is production. */
  | { readonly type: 'env_file_ignored'; readonly path: string };
