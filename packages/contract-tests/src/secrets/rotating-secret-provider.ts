import { describe } from 'vitest';
import { registerCacheCases } from './rotating-cache-cases.ts';
import type { RotatingSecretProviderFixture } from './rotating-fixture.ts';
import { registerOutageCases } from './rotating-outage-cases.ts';
import { registerProcessCases } from './rotating-process-cases.ts';
import { registerWatchCases } from './rotating-watch-cases.ts';

/**
 * Registers the contract of providers that cache secrets: time to live, refresh ahead, outage, rotation,
 * `watch`, `reread`, the deadline, and a process that ends. Call it beside `describeSecretProvider`.
 *
 * It does not know the faults of a backend: which answer means what needs tests of its own.
 */
export function describeRotatingSecretProvider(fixture: RotatingSecretProviderFixture): void {
  describe('rotating SecretProvider contract', () => {
    registerCacheCases(fixture);
    registerOutageCases(fixture);
    registerWatchCases(fixture);
    registerProcessCases(fixture);
  });
}
