/** A process of its own, to see when it ends: `exit-run.ts <scenario> <port>`. */
import { createGcpSecrets } from '@sallyport/secrets-gcp';
import { googleAuthLibrary, grpc } from 'google-gax';

const [, , scenario = '', port = ''] = process.argv;
const secrets = createGcpSecrets({
  projectId: 'test-project',
  cacheTtlSeconds: 1,
  // What was not cancelled would keep the process for a third of it.
  timeoutMs: 60_000,
  clientOptions: {
    apiEndpoint: '127.0.0.1',
    port: Number(port),
    sslCreds: grpc.credentials.createInsecure(),
    authClient: new googleAuthLibrary.PassThroughClient(),
  },
});
const never = new AbortController().signal;
const get = () =>
  secrets.get('key', { signal: never }).then(
    () => 'found',
    ({ detail }: { detail?: string }) => `${detail}`,
  );
const outcomes: Promise<string>[] = [];

if (scenario === 'idle' || scenario === 'watch' || scenario === 'forgotten') await get();
if (scenario === 'watch' || scenario === 'forgotten') secrets.watch('key', () => {});
if (scenario === 'under-way') {
  await import('@google-cloud/secret-manager');
  outcomes.push(get());
  await new Promise((resolve) => setTimeout(resolve, 400));
}

const endedAt = performance.now();
if (scenario !== 'forgotten') await secrets.close();
const outcome = await Promise.all(outcomes);
process.on('exit', () => {
  process.stdout.write(JSON.stringify({ ms: Math.round(performance.now() - endedAt), outcome }));
});
