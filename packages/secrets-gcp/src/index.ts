export type { GcpSecrets, GcpSecretsOptions } from './gcp-secrets.ts';
export { createGcpSecrets } from './gcp-secrets.ts';
export type { SecretEvent } from './secret-event.ts';
export type { SecretFault } from './secret-fault.ts';
export type { AccessedVersion, SecretManagerClient } from './secret-manager-client.ts';
