export type { ApiKeyEvent } from './api-key-event.ts';
export type {
  ApiKeyRegistry,
  ApiKeyRegistryOptions,
  ApiKeyRotation,
  IssuedApiKey,
  NewApiKey,
} from './api-key-registry.ts';
export { createApiKeyRegistry } from './api-key-registry.ts';
export type { ApiKeyVerifier, ApiKeyVerifierOptions } from './api-key-verifier.ts';
export { createApiKeyVerifier } from './api-key-verifier.ts';
export type { KeyRecord, StoredKey, UnreadableKey } from './records/key-record.ts';
export type { ApiKeySummary } from './records/key-summary.ts';
export type { FileKeyStoreOptions } from './stores/file-store.ts';
export { createFileKeyStore } from './stores/file-store.ts';
export type { ApiKeyStore, ReplacedKey } from './stores/key-store.ts';
