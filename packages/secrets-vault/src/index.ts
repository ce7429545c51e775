export type { SecretEvent } from '@sallyport/cached-secrets';
export type { VaultAuthentication } from './authentication.ts';
export type { KubernetesLoginOptions } from './kubernetes-login.ts';
export { kubernetesLogin } from './kubernetes-login.ts';
export type { VaultSecrets, VaultSecretsOptions } from './vault-secrets.ts';
export { createVaultSecrets } from './vault-secrets.ts';
export type { FindVaultToken } from './vault-token.ts';
export { vaultToken, vaultTokenFile } from './vault-token.ts';
