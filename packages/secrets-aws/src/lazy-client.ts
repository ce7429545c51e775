/** What is used of `SecretsManagerClient`. The package is loaded when the first secret is read. */

/** An answer of `GetSecretValue`. */
export interface SecretValue {
  readonly Name?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** A client that is created on its first use. */
export interface LazyClient {
  /** `GetSecretValue`, once: the cache retries, with one deadline for all attempts. */
  getSecretValue(
    input: { readonly SecretId: string; readonly VersionId?: string },
    signal: AbortSignal,
  ): Promise<SecretValue>;
  close(): Promise<void>;
}

export function createLazyClient(options: Readonly<Record<string, unknown>>): LazyClient {
  let opening: ReturnType<typeof open> | undefined;

  async function open() {
    const { SecretsManager } = await import('@aws-sdk/client-secrets-manager');
    return new SecretsManager({ ...options, maxAttempts: 1 });
  }

  return {
    async getSecretValue(input, abortSignal) {
      opening ??= open();
      return (await opening).getSecretValue(input, { abortSignal });
    },

    async close() {
      (await opening)?.destroy();
    },
  };
}
