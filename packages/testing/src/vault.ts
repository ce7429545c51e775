/** The entry point `@sallyport/testing/vault`. */

export type { Capability, Policy } from './vault/policies.ts';
export { startVault } from './vault/start-vault.ts';
export type {
  ServiceAccountTokenOptions,
  Vault,
  VaultFaultOptions,
  VaultTokenOptions,
} from './vault/vault.ts';
export type { KubernetesRole, VaultOptions } from './vault/vault-options.ts';
