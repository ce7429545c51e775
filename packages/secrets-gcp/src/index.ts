export type { SecretEvent } from '@sallyport/cached-secrets';
export type { GcpSecrets, GcpSecretsOptions } from './gcp-secrets.ts';
export { createGcpSecrets } from './gcp-secrets.ts';
export type { AccessedVersion, SecretManagerClient } from './secret-manager-client.ts';
