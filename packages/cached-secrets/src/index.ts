export type { CacheOptions, CacheSettings } from './cache-options.ts';
export { cacheOptionChecks, readCacheSettings } from './cache-options.ts';
export type { CachedSecrets, CachedSecretsOptions } from './cached-secrets.ts';
export { createCachedSecrets } from './cached-secrets.ts';
export type { Reading } from './reading.ts';
export type { SecretEvent } from './secret-event.ts';
export type { FaultyReading, SecretFault } from './secret-fault.ts';
