/** A process of its own, to see when it ends: `exit-run.ts <scenario> <url> <token>`. */
import { detectEnvironment, Secret } from '@sallyport/core';
import { createVaultSecrets, vaultToken } from '@sallyport/secrets-vault';

const [, , scenario = '', url = '', token = ''] = process.argv;
const secrets = createVaultSecrets({
  url,
  environment: detectEnvironment({ ENVIRONMENT: 'development' }),
  authentication: vaultToken(new Secret(token)),
  cacheTtlSeconds: 1,
});
const never = new AbortController().signal;
const get = () =>
  secrets.get('app', { signal: never }).then(
    () => 'found',
    ({ detail }: { detail?: string }) => `${detail}`,
  );
const outcomes: Promise<string>[] = [];

if (scenario === 'idle' || scenario === 'watch' || scenario === 'forgotten') await get();
if (scenario === 'watch' || scenario === 'forgotten') secrets.watch('app', () => {});
if (scenario === 'under-way') {
  outcomes.push(get());
  await new Promise((resolve) => setTimeout(resolve, 400));
}

const endedAt = performance.now();
if (scenario !== 'forgotten') await secrets.close();
const outcome = await Promise.all(outcomes);
process.on('exit', () => {
  process.stdout.write(JSON.stringify({ ms: Math.round(performance.now() - endedAt), outcome }));
});
