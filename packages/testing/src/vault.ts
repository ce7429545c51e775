/** The entry point `@sallyport/testing/vault`. */

export type { Policy } from './vault/policies.ts';
export { startVault } from './vault/start-vault.ts';
export type { Vault } from './vault/vault.ts';
export type { VaultOptions } from './vault/vault-options.ts';
