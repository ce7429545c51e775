/** A process of its own, to see whether it ends. */
import { runSecretProcess } from '@sallyport/contract-tests/secret-process';
import { createGcpSecrets } from '@sallyport/secrets-gcp';
import { googleAuthLibrary, grpc } from 'google-gax';

// Loaded before a reading begins, so that close meets a call and not an import.
await import('@google-cloud/secret-manager');

await runSecretProcess((port) =>
  createGcpSecrets({
    projectId: 'test-project',
    cacheTtlSeconds: 1,
    timeoutSeconds: 60,
    clientOptions: {
      apiEndpoint: '127.0.0.1',
      port: Number(port),
      sslCreds: grpc.credentials.createInsecure(),
      authClient: new googleAuthLibrary.PassThroughClient(),
    },
  }),
);
