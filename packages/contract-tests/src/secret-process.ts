/** Runs without Vitest, in the process that a rotating provider's contract starts. */
import type { SecretProvider } from '@sallyport/core';

/**
 * Runs one scenario of `describeRotatingSecretProvider` and prints its outcome. Call it in the
 * `processScript` of your fixture. The process must then end without help.
 *
 * @param openProvider Makes the provider, with a cache of 1 second and a deadline of 60 seconds. It gets
 *   what `processArguments` returned.
 */
export async function runSecretProcess(
  openProvider: (...words: string[]) => SecretProvider,
): Promise<void> {
  const [, , scenario = '', name = '', ...words] = process.argv;
  const provider = openProvider(...words);
  const { signal } = new AbortController();
  const get = () =>
    provider.get(name, { signal }).then(
      () => 'found',
      ({ code }: { readonly code?: unknown }) => String(code),
    );
  const underWay: Promise<string>[] = [];

  if (scenario === 'idle' || scenario === 'watch' || scenario === 'forgotten') {
    if ((await get()) !== 'found') throw new Error('the secret was not found');
  }
  if (scenario === 'watch' || scenario === 'forgotten') provider.watch?.(name, () => {});
  if (scenario === 'under-way') {
    underWay.push(get());
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  if (scenario !== 'forgotten') await provider.close?.();
  const outcomes = await Promise.all(underWay);
  process.on('exit', () => process.stdout.write(JSON.stringify(outcomes)));
}
