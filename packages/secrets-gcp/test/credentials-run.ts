/** A process with nothing but its environment, as on Cloud Run: `credentials-run.ts <port>`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createGcpSecrets, type SecretEvent } from '@sallyport/secrets-gcp';

const events: SecretEvent[] = [];
const secrets = createGcpSecrets({
  projectId: 'test-project',
  clientOptions: { apiEndpoint: 'localhost', port: Number(process.argv[2]) },
  // Time enough for a machine with other things to do.
  timeoutSeconds: 30,
  onEvent: (event) => events.push(event),
});
const read = () =>
  secrets.get('key', { signal: AbortSignal.timeout(35_000) }).then(
    (lookup) => (lookup.found ? lookup.secret.reveal() : 'absent'),
    ({ detail }: { detail?: string }) => `${detail}`,
  );

const isLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('google-gax'));
const loaded = [isLoaded()];

const startedAt = performance.now();
const first = await read();
const ms = Math.round(performance.now() - startedAt);
const { HOME = '', LATER } = process.env;
if (LATER !== undefined) {
  const folder = join(HOME, '.config/gcloud');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'application_default_credentials.json'), LATER);
}
await new Promise((resolve) => setTimeout(resolve, 600));
const second = await read();
loaded.push(isLoaded());
await secrets.close();
process.stdout.write(JSON.stringify({ first, second, ms, events, loaded }));
