export type { VaultAuthentication } from './authentication.ts';
export type { KubernetesLoginOptions } from './kubernetes-login.ts';
export { kubernetesLogin } from './kubernetes-login.ts';
export type { SecretEvent } from './secret-event.ts';
export type { SecretFault } from './secret-fault.ts';
export type { VaultSecrets, VaultSecretsOptions } from './vault-secrets.ts';
export { createVaultSecrets } from './vault-secrets.ts';
export type { FindVaultToken } from './vault-token.ts';
export { vaultToken } from './vault-token.ts';
