/** The entry point `@sallyport/testing/secret-manager`, apart because it needs two more packages. */
export type { SecretManagerFault } from './secret-manager/faults.ts';
export type { SecretManager, SecretManagerClientOptions } from './secret-manager/secret-manager.ts';
export type { SecretManagerOptions } from './secret-manager/start-secret-manager.ts';
export { startSecretManager } from './secret-manager/start-secret-manager.ts';
