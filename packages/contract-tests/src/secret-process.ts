/** Runs without Vitest, in the process that a rotating provider's contract starts. */
import type { SecretProvider } from '@sallyport/core';

/**
 * Runs the scenarios of `describeRotatingSecretProvider`, each with a provider of its own, and prints their
 * outcomes. Call it in the `processScript` of your fixture. The process must then end without help.
 *
 * @param openProvider Makes a provider, with a cache of 1 second and a deadline of 60 seconds. It gets
 *   what `processArguments` returned.
 */
export async function runSecretProcess(
  openProvider: (...words: string[]) => SecretProvider,
): Promise<void> {
  const [, , name = '', ...words] = process.argv;
  const { signal } = new AbortController();
  const outcomes: Record<string, string> = {};
  const get = (provider: SecretProvider) =>
    provider.get(name, { signal }).then(
      () => 'found',
      ({ code }: { readonly code?: unknown }) => String(code),
    );

  // The store does not answer the first request, which is this one.
  const hanging = openProvider(...words);
  const underWay = get(hanging);
  await new Promise((resolve) => setTimeout(resolve, requestMs));

  const [unused, idle, watch, forgotten] = [0, 1, 2, 3].map(() => openProvider(...words)) as [
    SecretProvider,
    SecretProvider,
    SecretProvider,
    SecretProvider,
  ];
  outcomes['idle'] = await get(idle);
  outcomes['watch'] = await get(watch);
  watch.watch?.(name, () => {});
  outcomes['forgotten'] = await get(forgotten);
  forgotten.watch?.(name, () => {});
  for (const provider of [unused, idle, watch, hanging]) await provider.close?.();
  outcomes['unused'] = 'closed';
  outcomes['under-way'] = await underWay;
  process.on('exit', () => process.stdout.write(JSON.stringify(outcomes)));
}

// Until the first request has been sent.
const requestMs = 400;
