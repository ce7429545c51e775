/** The program with its settings in a Secret Manager that takes 50 ms for each answer. */
import { startSecretManager } from '@sallyport/testing/secret-manager';
import { run } from '../src/process/run.ts';

const { HMAC_KEY: key = '', ...variables } = process.env;
const secrets = await startSecretManager({
  secrets: {
    'jwt-issuer': 'https://id.acme-corp.dev',
    'jwt-audience': 'https://notes.acme-corp.dev/mcp',
    'hmac-secret-key': key,
  },
});
secrets.fault({ kind: 'delay', milliseconds: 50 });
await run({
  variables: {
    ...variables,
    FASTMCP_SERVER_AUTH_TYPE: 'jwt',
    FASTMCP_SERVER_AUTH_SECRET_BACKEND: 'gcp_secret_manager',
    FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'HS256',
    FASTMCP_SERVER_AUTH_RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
    GCP_PROJECT_ID: secrets.projectId,
  },
  gcpClientOptions: { ...secrets.clientOptions },
});
