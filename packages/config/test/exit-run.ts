/** A process of its own, to see when it starts and ends: `exit-run.ts <port>`. */
import { createGateFromConfig, loadConfig } from '@sallyport/config';
import { googleAuthLibrary, grpc } from 'google-gax';

const [, , port = ''] = process.argv;
const prefix = 'FASTMCP_SERVER_AUTH_';
const config = await loadConfig(
  {
    GCP_PROJECT_ID: 'test-project',
    [`${prefix}SECRET_BACKEND`]: 'gcp_secret_manager',
    [`${prefix}SECRET_CACHE_TTL`]: '1',
    [`${prefix}TYPE`]: 'jwt',
    [`${prefix}RESOURCE_URL`]: 'https://notes.acme-corp.dev/mcp',
  },
  {
    gcpClientOptions: {
      apiEndpoint: '127.0.0.1',
      port: Number(port),
      sslCreds: grpc.credentials.createInsecure(),
      authClient: new googleAuthLibrary.PassThroughClient(),
    },
  },
);
const { close } = await createGateFromConfig(config, { tools: {}, audit: { emit: () => {} } });
const readyMs = Math.round(performance.now());

process.stdout.write('ready\n');
// Secrets are read again meanwhile, or cannot be.
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();
const drainedAt = performance.now();
await close();
process.on('exit', () => {
  const exitMs = Math.round(performance.now() - drainedAt);
  process.stdout.write(JSON.stringify({ readyMs, exitMs }));
});
